package io.millrace.dataset.export.format

import java.awt.image.{BufferedImage, IndexColorModel}
import java.io.ByteArrayInputStream
import java.util.{List => JList, Optional}
import javax.imageio.ImageIO

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset._
import io.millrace.dataset.ObjectTraits.MaskColor

class MaskPainterSuite extends AnyFunSuite {
  private val Red = new MaskColor(128, 0, 0)
  private val Green = new MaskColor(0, 128, 0)

  private def obj(shape: Shape, color: MaskColor = Red): Annotation.ImageObject =
    new Annotation.ImageObject(LabelTaskType.IMAGE_SEGMENTATION, new Label("x"), shape,
      new ObjectTraits("Unspecified", false, false, false, Optional.of(color)), AnnotationInfo.NONE)

  private def painted(width: Int, height: Int, objects: Annotation.ImageObject*): BufferedImage =
    ImageIO.read(new ByteArrayInputStream(
      MaskPainter.png(width, height, JList.of(0x800000, 0x008000), objects.asJava)))

  /** Rows of pixels: a letter a colour. */
  private def drawn(image: BufferedImage): Seq[String] =
    (0 until image.getHeight).map { y =>
      (0 until image.getWidth).map { x =>
        image.getRGB(x, y) & 0xffffff match {
          case 0 => '.'
          case 0x800000 => 'r'
          case 0x008000 => 'g'
          case _ => '?'
        }
      }.mkString
    }

  private def points(xys: (Double, Double)*): JList[Shape.Point] =
    xys.map { case (x, y) => new Shape.Point(x, y) }.asJava

  test("VER-6 mask - a box - the pixels whose centres it holds") {
    assert(drawn(painted(5, 4, obj(new Shape.BoundingBox(1, 1, 4, 3)))) ==
      Seq(".....", ".rrr.", ".rrr.", "....."))
    assert(drawn(painted(5, 4, obj(new Shape.BoundingBox(0.6, 0.4, 2.4, 1.6)))) ==
      Seq(".r...", ".r...", ".....", "....."))
  }

  test("VER-6 mask - a right-angled triangle, and one with a hole by its own outline - even-odd") {
    // A centre belongs to it if its coordinates add up to less than 5.4.
    assert(drawn(painted(5, 5, obj(new Shape.Polygon(points((0, 0), (5.4, 0), (0, 5.4)))))) ==
      Seq("rrrrr", "rrrr.", "rrr..", "rr...", "r...."))
    val ring = new Shape.Polygon(points(
      (0, 0), (6, 0), (6, 6), (0, 6), (0, 0), (2, 2), (4, 2), (4, 4), (2, 4), (2, 2)))
    assert(drawn(painted(6, 6, obj(ring))) ==
      Seq("rrrrrr", "rrrrrr", "rr..rr", "rr..rr", "rrrrrr", "rrrrrr"))
  }

  test("VER-6 mask - a circle of radius 2 - symmetric, its area near 12.6 pixels") {
    val rows = drawn(painted(6, 6, obj(new Shape.Circle(new Shape.Point(3, 3), 2))))
    assert(rows == Seq("......", "..rr..", ".rrrr.", ".rrrr.", "..rr..", "......"))
  }

  test("VER-6 mask - run lengths, a point, a line - exactly their pixels") {
    // Column by column: 2 outside, 3 inside, 4 outside, of an image of 3 x 3.
    assert(drawn(painted(3, 3, obj(new Shape.Mask(3, 3, JList.of(2, 3, 4))))) ==
      Seq(".r.", ".r.", "r.."))
    assert(drawn(painted(3, 3, obj(new Shape.Point(1.7, 2.2)))) == Seq("...", "...", ".r."))
    val line = new Shape.Line(new Shape.Point(0.5, 1.5), new Shape.Point(3.5, 1.5), Shape.Stroke.SOLID)
    assert(drawn(painted(4, 3, obj(line))) == Seq("....", "rrrr", "...."))
  }

  test("VER-6 mask - objects on each other and beyond the image - the later covers, the rest is cut") {
    assert(drawn(painted(4, 2,
      obj(new Shape.BoundingBox(-5, -5, 3, 9)), obj(new Shape.BoundingBox(2, 0, 99, 1), Green))) ==
      Seq("rrgg", "rrr."))
    assert(drawn(painted(2, 2, obj(new Shape.BoundingBox(50, 50, 60, 60)))) == Seq("..", ".."))
  }

  test("VER-6 mask - few colours - a palette in the order of the classes; many - plain colours") {
    val few = painted(2, 1, obj(new Shape.BoundingBox(1, 0, 2, 1), Green))
    val palette = few.getColorModel.asInstanceOf[IndexColorModel]
    assert((0 until 3).map(palette.getRGB(_) & 0xffffff) == Seq(0, 0x800000, 0x008000))
    assert(few.getRaster.getSample(1, 0, 0) == 2)
    val many = (1 to 300).map(i => obj(new Shape.Point(i - 1.0, 0), MaskColors.ofIndex(i)))
    val image = painted(300, 1, many: _*)
    assert(!image.getColorModel.isInstanceOf[IndexColorModel])
    assert((0 until 300).map(image.getRGB(_, 0) & 0xffffff) ==
      (1 to 300).map(i => MaskColors.rgb(MaskColors.ofIndex(i))))
  }

  test("VER-6 mask colours - those of Pascal VOC, and distinct for ten thousand labels") {
    // The first of VOC 2012's classes: aeroplane, bicycle, bird; and the seam at 255.
    assert(Seq(0, 1, 2, 3, 255).map(MaskColors.ofIndex) == Seq(
      new MaskColor(0, 0, 0), new MaskColor(128, 0, 0), new MaskColor(0, 128, 0),
      new MaskColor(128, 128, 0), new MaskColor(224, 224, 192)))
    assert((0 to 10000).map(MaskColors.ofIndex).distinct.size == 10001)
  }
}
