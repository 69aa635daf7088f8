package io.millrace.analysis.box

import scala.jdk.CollectionConverters._
import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.DatasetException
import io.millrace.dataset.Shape.BoundingBox

class BoxSuite extends AnyFunSuite {

  test("ANA-1 box_area_ratio and box_aspect_ratio - are area over area and height over width") {
    assert(BoxSizes.areaRatio(box(10, 10, 30, 20), 100, 50) == 0.04)
    assert(BoxSizes.aspectRatio(box(10, 10, 30, 20)) == 0.5)
    val error = intercept[DatasetException](BoxSizes.aspectRatio(box(10, 10, 10, 20)))
    assert(error.getMessage.contains("it has no area"))
  }

  test("ANA-1 box_area_std - of one box is 0 - of two is half their difference") {
    assert(BoxSizes.areaRatioDeviation(boxes(box(0, 0, 3, 7)), 10, 10) == 0)
    val two = boxes(box(0, 0, 10, 5), box(0, 0, 10, 1))
    assert(math.abs(BoxSizes.areaRatioDeviation(two, 10, 10) - 0.2) < 1e-12)
  }

  test("ANA-1 box_margin - from centre to border, along an axis and a diagonal - grows 0 to 1") {
    assert(margin(50, 25) == 0)
    assert(margin(75, 25) == 0.5)
    assert(margin(50, 0) == 1)
    assert(margin(100, 50) == 1)
    assert(margin(60, 45) == 0.8) // the ray meets the lower border first
    assert(margin(140, 25) == 1)
  }

  test("ANA-1 box_margin - any centre inside - is the ratio of distances along the ray") {
    val random = new Random(3)
    for (_ <- 1 to 200) {
      val (x, y) = (random.nextDouble() * 100, random.nextDouble() * 50)
      val (dx, dy) = (x - 50, y - 25)
      val toBorder = Seq(
        if (dx > 0) 50 / dx else if (dx < 0) -50 / dx else Double.PositiveInfinity,
        if (dy > 0) 25 / dy else if (dy < 0) -25 / dy else Double.PositiveInfinity).min
      assert(math.abs(margin(x, y) - 1 / toBorder) < 1e-9)
    }
  }

  test("ANA-1 box_overlap - apart, touching, inside, twice covered - is the covered share once") {
    assert(overlap(box(0, 0, 10, 10)) == Seq(0))
    assert(overlap(box(0, 0, 10, 10), box(10, 0, 20, 10)) == Seq(0, 0))
    assert(overlap(box(0, 0, 10, 10), box(0, 0, 5, 10)) == Seq(0.5, 1))
    assert(overlap(box(0, 0, 10, 10), box(0, 0, 10, 10)) == Seq(1, 1))
    val three = overlap(box(0, 0, 10, 10), box(0, 0, 6, 10), box(4, 0, 10, 10))
    assert(three.head == 1)
    val same = overlap(box(0, 0, 10, 10), box(0, 0, 5, 5), box(0, 0, 5, 5))
    assert(same.head == 0.25)
  }

  test("ANA-1 box_overlap - a box without area - covers nothing and is not covered") {
    assert(overlap(box(0, 0, 10, 10), box(3, 3, 3, 8)) == Seq(0, 0))
  }

  test("ANA-1 box_overlap - random boxes on a grid - equals counting covered cells") {
    val random = new Random(11)
    for (_ <- 1 to 50) {
      val some = Seq.fill(1 + random.nextInt(12)) {
        val (x, y) = (random.nextInt(20), random.nextInt(20))
        box(x, y, x + 1 + random.nextInt(10), y + 1 + random.nextInt(10))
      }
      val counted = some.zipWithIndex.map { case (one, i) =>
        val cells = for {
          x <- one.xMin.toInt until one.xMax.toInt
          y <- one.yMin.toInt until one.yMax.toInt
        } yield some.zipWithIndex.exists { case (other, j) =>
          j != i && x >= other.xMin && x < other.xMax && y >= other.yMin && y < other.yMax
        }
        cells.count(identity).toDouble / cells.size
      }
      assert(overlap(some: _*).zip(counted).forall { case (a, b) => math.abs(a - b) < 1e-9 })
    }
  }

  private def margin(x: Double, y: Double): Double =
    BoxPosition.margin(box(x - 1, y - 1, x + 1, y + 1), 100, 50)

  private def overlap(some: BoundingBox*): Seq[Double] = BoxOverlap.of(boxes(some: _*)).toSeq

  private def boxes(some: BoundingBox*) = some.asJava

  private def box(left: Double, top: Double, right: Double, bottom: Double) =
    new BoundingBox(left, top, right, bottom)
}
