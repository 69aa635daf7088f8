package io.millrace.analysis.distribution

import java.util.Optional

import scala.jdk.CollectionConverters._
import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.Usage

class DistributionSuite extends AnyFunSuite {

  test("summary - of 1 to 5 and an outlier - has the figures of NumPy") {
    val summary = Summary.of(Array(3, 1, 4, 2, 5, 100).map(_.toDouble))
    assert(summary.count == 6)
    assert((summary.min, summary.max) == ((1.0, 100.0)))
    assert(summary.lowerQuartile == 2.25)
    assert(summary.median == 3.5)
    assert(summary.upperQuartile == 4.75)
    assert(math.abs(summary.mean - 19.166666666666668) < 1e-12)
    assert(math.abs(summary.deviation - 36.17281053805775) < 1e-12)
    assert((summary.lowOutliers, summary.highOutliers) == ((0, 1)))
    assert(summary.upperFence == 8.5)
  }

  test("summary - of one value - is that value without deviation or outliers") {
    assert(Summary.of(Array(7.0)) == new Summary(1, 7, 7, 7, 7, 7, 7, 0, 0, 0))
  }

  test("bins - of any values - have nice edges, hold every value, and few of them") {
    val random = new Random(5)
    for (scale <- Seq(1e-6, 0.1, 1, 255, 1e7); _ <- 1 to 20) {
      val values = Array.fill(1 + random.nextInt(400))(random.nextGaussian() * scale)
      val bins = Bins.of(Seq(Summary.of(values)).asJava)
      val histogram = Histogram.of(values, bins)
      assert(histogram.total == values.length)
      assert(bins.count >= 1 && bins.count <= 40)
      for ((count, i) <- histogram.counts.asScala.zipWithIndex) {
        assert(count == values.count(v => v >= bins.edge(i) && v < bins.edge(i + 1)))
      }
    }
  }

  test("bins - values on edges - fall into the bin that begins there") {
    val bins = new Bins(0, 0.1, 10)
    val histogram = Histogram.of(Array(0, 0.1, 0.2, 0.3, 0.6, 0.7, 0.34).map(_.toDouble), bins)
    assert(histogram.counts.asScala.map(_.longValue).toSeq == Seq(1, 1, 1, 2, 0, 0, 1, 1, 0, 0))
  }

  test("bins - a far outlier - is counted above instead of pressing the others together") {
    val values = (1 to 200).map(i => i / 10.0).toArray :+ 1e6
    val bins = Bins.of(Seq(Summary.of(values)).asJava)
    val histogram = Histogram.of(values, bins)
    assert(bins.edge(bins.count) < 100)
    assert((histogram.below, histogram.above) == ((0, 1)))
  }

  test("bins - of a constant - show it among empty neighbours") {
    val histogram = Histogram.of(
      Array.fill(9)(307200.0), Bins.of(Seq(Summary.of(Array(307200.0))).asJava))
    assert(histogram.counts.asScala.map(_.longValue).toSeq == Seq(0, 0, 0, 9, 0, 0, 0))
  }

  test("bins - of counts - are centred on whole numbers") {
    val values = Array(1, 1, 2, 5).map(_.toDouble)
    val bins = Bins.ofCounts(Seq(Summary.of(values)).asJava)
    assert(bins == new Bins(0.5, 1, 5))
    val counts = Histogram.of(values, bins).counts.asScala.map(_.longValue).toSeq
    assert(counts == Seq(2, 1, 0, 0, 1))
  }

  test("bins - of several versions - cover the middle of each") {
    val low = Summary.of((0 to 100).map(_.toDouble).toArray)
    val high = Summary.of((500 to 600).map(_.toDouble).toArray)
    val bins = Bins.of(Seq(low, high).asJava)
    assert(bins.edge(0) <= 0 && bins.edge(bins.count) > 600)
  }

  test("view - of each usage - holds that usage, and all holds everything") {
    assert(View.ALL.holds(Optional.empty()))
    assert(View.TRAIN.holds(Optional.of(Usage.TRAIN)))
    assert(!View.TRAIN.holds(Optional.of(Usage.EVAL)))
    assert(!View.EVAL.holds(Optional.empty()))
    assert(Usage.values.forall(usage => View.of(usage).holds(Optional.of(usage))))
  }
}
