package io.millrace.dataset.split

import java.util.{List => JList, Optional, SplittableRandom}

import scala.jdk.CollectionConverters._

import io.millrace.dataset.versioning.{GroupKey, SplitParts}
import io.millrace.dataset.versioning.SplitPlan.Division

/**
 * Measures draws of growing size: `SplitScale [samples ...]`. Prints the seconds of a draw and the
 * heap that it held at its end, beside the ids and labels that samples come with.
 */
object SplitScale {
  private val plan = new Division(SplitParts.Shares.parse("70,20,10"), 1)
  private val folds = new Division(new SplitParts.Folds(10, java.util.OptionalInt.empty), 1)
  private val groups = plan.withGroupKey(GroupKey.Standard.DIRECTORY)

  def main(arguments: Array[String]): Unit = {
    val sizes = if (arguments.isEmpty) Seq(10000, 100000, 1000000) else arguments.toSeq.map(_.toInt)
    measure("warm-up", 50000, 100, 3, 1, plan)
    for {
      samples <- sizes
      (name, labels, perSample, groupSize, plan) <- Seq(
        ("one of 10 labels", 10, 1, 1, plan),
        ("one of 1000 labels", math.min(1000, samples / 50), 1, 1, plan),
        ("1 to 5 of 80 labels", 80, 5, 1, plan),
        ("1 to 5 of 10000 labels", math.min(10000, samples / 20), 5, 1, plan),
        ("1 to 5 of 80 labels, 10 folds", 80, 5, 1, folds),
        ("1 to 5 of 80 labels, groups of 20", 80, 5, 20, groups))
    } measure(name, samples, labels, perSample, groupSize, plan)
  }

  private def measure(
      name: String, samples: Int, labels: Int, most: Int, groupSize: Int, plan: Division): Unit = {
    val names = Array.tabulate(labels)(i => s"label-$i")
    val before = heap()
    val random = new SplittableRandom(7)
    val start = System.nanoTime()
    val division = SampleDivision.of(plan)
    for (i <- 0 until samples) {
      // A few labels are common and most are rare, as in the field.
      val of = Seq.fill(1 + random.nextInt(most)) {
        val common = random.nextDouble()
        names((common * common * labels).toInt)
      }.distinct
      val id = f"$i%08x0123456789abcdef01234567"
      division.add(new SplitSample(id, f"${i / groupSize}%08x", Optional.empty(), true, of.asJava,
        Optional.empty(), Optional.empty(), JList.of()))
    }
    val added = System.nanoTime()
    val table = division.finish()
    val end = System.nanoTime()
    println(f"$samples%8d  $name%-36s  added in ${(added - start) / 1e9}%6.2f s, drawn in " +
      f"${(end - added) / 1e9}%6.2f s, ${(heap() - before) / 1e6}%6.1f MB held, ${table.size} drawn")
    java.lang.ref.Reference.reachabilityFence(division)
  }

  private def heap(): Long = {
    System.gc()
    Runtime.getRuntime.totalMemory - Runtime.getRuntime.freeMemory
  }
}
