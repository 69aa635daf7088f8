package io.millrace.dataset

import java.util.{List => JList, Optional}

import scala.jdk.CollectionConverters._

import org.scalacheck.Gen
import org.scalatest.funsuite.AnyFunSuite
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks

import io.millrace.dataset.Shape._

class ShapeSuite extends AnyFunSuite with ScalaCheckPropertyChecks {
  private def mask(width: Int, height: Int, runs: Int*): Mask =
    new Mask(width, height, runs.map(Integer.valueOf).asJava)

  test("bounds - of each shape - is the smallest upright box around it") {
    val p = new Point(1, 2)
    val q = new Point(5, 0.5)
    assert(p.bounds == new BoundingBox(1, 2, 1, 2))
    assert(new Line(p, q, Stroke.DASHED).bounds == new BoundingBox(1, 0.5, 5, 2))
    assert(new Polyline(JList.of(p, q)).bounds == new BoundingBox(1, 0.5, 5, 2))
    assert(new Polygon(JList.of(p, q, new Point(3, 9))).bounds == new BoundingBox(1, 0.5, 5, 9))
    assert(new Circle(p, 2).bounds == new BoundingBox(-1, 0, 3, 4))
  }

  test("mask bounds - runs column by column in 4 x 3 pixels - are told by hand") {
    // Columns of 3: pixel 4 is column 1, row 1.
    assert(mask(4, 3, 4, 1, 7).bounds == new BoundingBox(1, 1, 2, 2))
    // Pixels 2 and 3: the foot of column 0 and the head of column 1, so every row is touched.
    assert(mask(4, 3, 2, 2, 8).bounds == new BoundingBox(0, 0, 2, 3))
    // All pixels inside: the first run, of pixels outside, is 0.
    assert(mask(4, 3, 0, 12).bounds == new BoundingBox(0, 0, 4, 3))
    assert(mask(4, 3, 12).bounds == new BoundingBox(0, 0, 0, 0))
    assert(mask(4, 3, 12, 0).bounds == new BoundingBox(0, 0, 0, 0))
    // Two runs: column 0 row 0, and column 3 row 2.
    assert(mask(4, 3, 0, 1, 10, 1).bounds == new BoundingBox(0, 0, 4, 3))
  }

  test("mask bounds - arbitrary runs - agree with looking at every pixel") {
    val masks = for {
      width <- Gen.choose(1, 6)
      height <- Gen.choose(1, 6)
      pixels <- Gen.listOfN(width * height, Gen.oneOf(true, false))
    } yield (width, height, pixels)
    forAll(masks) { case (width, height, pixels) =>
      val inside = pixels.indices.filter(pixels(_)).map(i => (i / height, i % height))
      val runs = pixels.foldLeft((List(0), false)) { case ((head :: tail, current), pixel) =>
        if (pixel == current) ((head + 1) :: tail, current) else (1 :: head :: tail, pixel)
        case (other, _) => other
      }._1.reverse
      val expected =
        if (inside.isEmpty) new BoundingBox(0, 0, 0, 0)
        else new BoundingBox(inside.map(_._1).min, inside.map(_._2).min,
          inside.map(_._1).max + 1, inside.map(_._2).max + 1)
      assert(mask(width, height, runs: _*).bounds == expected)
    }
  }

  test("mask - runs that do not cover the image, or are negative - is refused") {
    assert(intercept[DatasetException](mask(2, 2, 3)).getMessage
      == "Invalid mask: the runs cover 3 pixels (expected 2 x 2)")
    intercept[DatasetException](mask(2, 2, 5, -1))
    intercept[DatasetException](mask(0, 2))
  }

  test("box - minimum above maximum or no number - is refused; without area it is allowed") {
    assert(intercept[DatasetException](new BoundingBox(2, 0, 1, 1)).getMessage
      == "Invalid box: (2.0, 0.0, 1.0, 1.0) (expected xmin <= xmax and ymin <= ymax)")
    intercept[DatasetException](new BoundingBox(0, 0, Double.NaN, 1))
    assert(new BoundingBox(1, 1, 1, 1).area == 0)
  }

  test("intersection over union - of two boxes 2 x 2 that share one pixel - is 1/7") {
    val box = new BoundingBox(0, 0, 2, 2)
    assert(box.intersectionOverUnion(new BoundingBox(1, 1, 3, 3)) == 1.0 / 7)
    assert(box.intersectionOverUnion(box) == 1)
    assert(box.intersectionOverUnion(new BoundingBox(2, 0, 4, 2)) == 0)
  }

  test("clip - box partly, wholly and not at all outside - keeps what is inside") {
    assert(new BoundingBox(-1, 2, 5, 9).clip(4, 4) == Optional.of(new BoundingBox(0, 2, 4, 4)))
    assert(new BoundingBox(4, 0, 5, 1).clip(4, 4).isEmpty)
    assert(new BoundingBox(0, 0, 4, 4).isInside(4, 4))
    assert(!new BoundingBox(0, 0, 4.5, 4).isInside(4, 4))
  }

  test("polygon - first corner repeated as last - is left out, and 3 corners are the least") {
    val corners = JList.of(new Point(0, 0), new Point(1, 0), new Point(0, 1))
    val closed = JList.of(new Point(0, 0), new Point(1, 0), new Point(0, 1), new Point(0, 0))
    assert(new Polygon(closed) == new Polygon(corners))
    intercept[DatasetException](new Polygon(corners.subList(0, 2)))
    intercept[DatasetException](new Polyline(corners.subList(0, 1)))
    intercept[DatasetException](new Circle(new Point(0, 0), 0))
  }
}
