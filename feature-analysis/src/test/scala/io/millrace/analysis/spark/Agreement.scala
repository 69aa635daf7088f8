package io.millrace.analysis.spark

/** How well a grouping agrees with known classes; each pair is (class, group) of one item. */
object Agreement {

  /** Normalised mutual information by the arithmetic mean of the entropies, 0..1. */
  def nmi(pairs: Seq[(String, String)]): Double = {
    val classes = entropy(counts(pairs.map(_._1)))
    val groups = entropy(counts(pairs.map(_._2)))
    val joint = entropy(counts(pairs))
    if (classes + groups == 0) 1 else 2 * (classes + groups - joint) / (classes + groups)
  }

  /** Adjusted Rand index: 1 for equal partitions, about 0 for unrelated ones. */
  def ari(pairs: Seq[(String, String)]): Double = {
    val both = counts(pairs).map(choose2).sum
    val classes = counts(pairs.map(_._1)).map(choose2).sum
    val groups = counts(pairs.map(_._2)).map(choose2).sum
    val expected = classes * groups / choose2(pairs.size)
    (both - expected) / ((classes + groups) / 2 - expected)
  }

  private def counts[T](items: Seq[T]): Seq[Int] = items.groupBy(identity).values.map(_.size).toSeq

  private def choose2(n: Int): Double = n.toDouble * (n - 1) / 2

  private def entropy(counts: Seq[Int]): Double = {
    val total = counts.sum.toDouble
    -counts.map(count => count / total * math.log(count / total)).sum
  }
}
