package io.millrace.ingestion.layout

import java.awt.image.{BufferedImage, IndexColorModel}
import java.io.ByteArrayOutputStream
import java.nio.file.{Files, Path}
import javax.imageio.ImageIO

import scala.jdk.CollectionConverters._

import io.millrace.dataset.{DatasetException, LabelTaskType, ObjectTraits, Shape, SharedData, Usage}
import io.millrace.ingestion.{Note, RejectReason}
import io.millrace.ingestion.ImportFixture._
import io.millrace.ingestion.layout.Outcome.{Accepted, Aside}
import io.millrace.ingestion.probe.{ImageProbe, Images}
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class SegmentationSuite extends AnyFunSuite with LayoutFixture with SharedData {
  private val Cat = 0x400000
  private val Seam = 0xe0e0c0

  test("ING-2 image-segmentation - polygon, colour and mask of a file - kept with the object") {
    val source = directory()
    write(source, "a/1.jpg", Images.jpeg(40, 30))
    write(source, "a/1.xml", xml("1.jpg", "segmentationClassRaw/1.png"))
    write(source, "a/segmentationClassRaw/1.png", Images.png(40, 30))
    val found = accepted(opened(source))
    assert(found.size === 1)
    val only = found.head.sample.objects.asScala.head
    assert(only.taskType === LabelTaskType.IMAGE_SEGMENTATION)
    assert(only.name.value === "bike")
    assert(only.shape.bounds === new Shape.BoundingBox(1, 2, 20, 25))
    assert(only.traits.maskColor.get === new ObjectTraits.MaskColor(193, 243, 53))
    assert(only.info.foreignFields.contains("segmentationClassRaw/1.png"))
  }

  test("ING-2 image-segmentation - mask beside its image, or by full address - no sample itself") {
    val source = directory()
    for ((name, mask) <- Seq("1" -> "1.png", "2" -> source.resolve("masks/2.png").toString)) {
      write(source, s"$name.jpg", Images.jpeg(40, 30))
      write(source, s"$name.xml", xml(s"$name.jpg", mask))
    }
    write(source, "1.png", Images.png(40, 30))
    write(source, "masks/2.png", Images.png(40, 30))
    assert(
      accepted(opened(source)).map(_.sample.source.fileName).toSet === Set("1.jpg", "2.jpg"))
    assert(outcomes(opened(source)).count(_ == new Aside(Note.OTHER_FILE)) === 2)
  }

  test("ING-2 image-segmentation - each fault of a named mask - image refused with its reason") {
    forAll(
      Table(
        ("mask", "bytes", "reason", "message"),
        ("masks/2.png", Images.png(40, 30), RejectReason.ANNOTATION_MISSING, "masks/2.png is not"),
        ("masks/1.png", Images.png(41, 30), RejectReason.MASK_SIZE_MISMATCH,
          "mask 1.png has 41 x 30 pixels, its image 40 x 30."),
        ("masks/1.png", Images.jpeg(40, 30), RejectReason.BROKEN_MASK, "is a JPEG image"),
        ("masks/1.png", Images.png(40, 30).dropRight(30), RejectReason.TRUNCATED_IMAGE, "1.png"),
        ("ftp://x/1.png", Images.png(40, 30), RejectReason.UNSUPPORTED_SOURCE, "ftp://x/1.png"),
        ("../1.png", Images.png(40, 30), RejectReason.UNSUPPORTED_SOURCE, "leads out")
      )) { (mask, bytes, reason, message) =>
      val source = directory()
      write(source, "1.jpg", Images.jpeg(40, 30))
      write(source, "1.xml", xml("1.jpg", mask))
      write(source, "masks/1.png", bytes)
      val refusal = refused(opened(source)).head
      assert(refusal.reason === reason)
      assert(refusal.message.contains(message), refusal.message)
      assert(refusal.source.endsWith("1.jpg"))
    }
  }

  test("ING-2 image-segmentation - file without position or image, image without file") {
    val source = directory()
    write(source, "1.jpg", Images.jpeg(40, 30))
    write(source, "1.xml", xml("1.jpg", "").replaceAll("(?s)<polygon>.*</polygon>", ""))
    write(source, "2.xml", xml("2.jpg", ""))
    assert(
      refused(opened(source)).sortBy(_.source).map(_.reason) ===
        Seq(RejectReason.BROKEN_ANNOTATION, RejectReason.SOURCE_MISSING))
    val other = directory()
    write(other, "3.jpg", Images.jpeg(40, 30))
    assert(accepted(opened(other)).head.notes.asScala === Seq(Note.WITHOUT_ANNOTATION))
  }

  test("ING-2 image-segmentation - mask images - an object a class, seam and background none") {
    for (kit <- Seq("", "VOC2012/", "VOCdevkit/VOC2012/")) {
      val source = directory()
      write(source, s"${kit}JPEGImages/1.jpg", Images.jpeg(4, 3))
      write(
        source,
        s"${kit}SegmentationClass/1.png",
        palette(4, 3)((x, y) => if (x == 3) 8 else if (x == 2) 255 else if (x + y == 0) 15 else 0))
      write(source, s"${kit}Annotations/1.xml", voc("1.jpg", Seq.empty))
      val found = accepted(opened(source)).head.sample.objects.asScala
      assert(
        found.map(o => o.name.value -> o.shape) === Seq(
          "cat" -> mask(4, 3, 9, 3),
          "person" -> mask(4, 3, 0, 1, 11)))
      assert(found.head.traits.maskColor.get === new ObjectTraits.MaskColor(64, 0, 0))
      assert(found.head.taskType === LabelTaskType.IMAGE_SEGMENTATION)
    }
  }

  test("ING-2 image-segmentation - mask of objects too - an object each, of its class") {
    val source = directory()
    write(source, "JPEGImages/1.jpg", Images.jpeg(4, 3))
    write(source, "SegmentationClass/1.png", palette(4, 3)((_, y) => if (y == 1) 255 else 8))
    write(source, "SegmentationObject/1.png", palette(4, 3)((_, y) => if (y == 1) 255 else y + 1))
    val found = accepted(opened(source)).head.sample.objects.asScala
    assert(
      found.map(o => o.name.value -> o.shape.bounds) === Seq(
        "cat" -> new Shape.BoundingBox(0, 2, 4, 3),
        "cat" -> new Shape.BoundingBox(0, 0, 4, 1)).reverse)
    assert(
      found.map(_.traits.maskColor.get).toSet ===
        Set(new ObjectTraits.MaskColor(128, 0, 0), new ObjectTraits.MaskColor(128, 128, 0)))
  }

  test("ING-2 image-segmentation - mask in true colour, with alpha or in grey - the same classes") {
    forAll(
      Table(
        ("kind", "cat", "seam"),
        (BufferedImage.TYPE_INT_RGB, 0xff000000 | Cat, 0xff000000 | Seam),
        (BufferedImage.TYPE_INT_ARGB, 0xff000000 | Cat, 0x00123456)
      )) { (kind, cat, seam) =>
      val image = new BufferedImage(2, 2, kind)
      image.setRGB(0, 0, cat)
      image.setRGB(1, 0, seam)
      image.setRGB(0, 1, 0xff000000)
      assert(objectsOf(png(image)) === Seq("cat" -> mask(2, 2, 0, 1, 3)))
    }
    val grey = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY)
    grey.getRaster.setSample(0, 0, 0, 8)
    grey.getRaster.setSample(1, 0, 0, 255)
    assert(objectsOf(png(grey)) === Seq("cat" -> mask(2, 2, 0, 1, 3)))
  }

  test("ING-2 image-segmentation - labelmap.txt - its classes and colours") {
    for (place <- Seq("labelmap.txt", "VOC2012/labelmap.txt")) {
      val source = directory()
      write(
        source,
        place,
        "\uFEFF# label:color_rgb:parts:actions\r\nbackground:0,0,0::\r\n猫 :1, 2,3::\r\n花:::\r\n")
      write(source, "VOC2012/JPEGImages/1.jpg", Images.jpeg(2, 1))
      val image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB)
      image.setRGB(0, 0, 0x010203)
      image.setRGB(1, 0, MaskClass.vocColor(2))
      write(source, "VOC2012/SegmentationClass/1.png", png(image))
      val objects = accepted(opened(source)).head.sample.objects.asScala
      assert(objects.map(_.name.value) === Seq("猫", "花"))
      assert(outcomes(opened(source)).size === 1)
    }
  }

  test("ING-2 image-segmentation - labelmap.txt that is wrong - error that names the line") {
    forAll(
      Table(
        ("text", "message"),
        ("cat:1,2", "labelmap.txt: line 1 has the colour '1,2' (expected three numbers"),
        ("cat:1,2,256", "line 1 has the colour '1,2,256'"),
        ("cat:1,2,3\ndog:1,2,3", "line 2 gives dog the colour of cat"),
        ("# nothing\n", "it names no label"),
        (":1,2,3", "label 0: Invalid label: it is empty")
      )) { (text, message) =>
      val source = directory()
      write(source, "labelmap.txt", text)
      write(source, "JPEGImages/1.jpg", Images.jpeg(2, 1))
      write(source, "SegmentationClass/1.png", Images.png(2, 1))
      val error = intercept[DatasetException](opened(source)).getMessage
      assert(error.contains(message), error)
    }
  }

  test("ING-2 image-segmentation - each fault of a mask image - image refused with its reason") {
    val other = palette(4, 3)((_, _) => 21)
    forAll(
      Table(
        ("mask", "reason", "message"),
        (palette(3, 4)((_, _) => 0), RejectReason.MASK_SIZE_MISMATCH,
          "mask 1.png has 3 x 4 pixels, its image 4 x 3."),
        (palette(400, 300)((_, _) => 0), RejectReason.TOO_MANY_PIXELS, "400 x 300 pixels"),
        (other, RejectReason.UNKNOWN_LABEL, "it has the colour 128,64,128, which is of no class."),
        (grey(21), RejectReason.UNKNOWN_LABEL, "it has the grey value 21 (expected 0 to 20, or 255"),
        (Images.jpeg(4, 3), RejectReason.BROKEN_MASK, "is a JPEG image (expected PNG"),
        (Array.empty[Byte], RejectReason.EMPTY_FILE, "no bytes"),
        (broken(other), RejectReason.BROKEN_MASK, "its pixels cannot be decoded")
      )) { (bytes, reason, message) =>
      val source = directory()
      write(source, "JPEGImages/1.jpg", Images.jpeg(4, 3))
      write(source, "SegmentationClass/1.png", bytes)
      val refusal = refused(opened(source)).head
      assert(refusal.reason === reason)
      assert(refusal.message.contains(message), refusal.message)
    }
  }

  test("ING-2 image-segmentation - masks and images that do not pair up - refused or noted") {
    val source = directory()
    val mask = palette(4, 3)((_, _) => 8)
    for (image <- Seq("only.jpg", "two.jpg", "two.png", "object.jpg", "many.jpg")) {
      write(source, s"JPEGImages/$image", Images.jpeg(4, 3))
    }
    for (name <- Seq("two.png", "lost.png", "many.png", "many.PNG")) {
      write(source, s"SegmentationClass/$name", mask)
    }
    write(source, "SegmentationObject/object.png", mask)
    write(source, "ImageSets/Segmentation/val.txt", "nowhere")
    val found = outcomes(opened(source))
    assert(found.collect { case a: Accepted => a.sample.source.fileName -> a.notes.asScala } ===
      Seq("only.jpg" -> Seq(Note.WITHOUT_ANNOTATION)))
    assert(found.contains(new Aside(Note.LISTED_WITHOUT_IMAGE)))
    val reasons = found.collect { case r: Outcome.Refused =>
      r.source.substring(r.source.lastIndexOf('/') + 1) -> r.reason
    }
    assert(
      reasons.toMap === Map(
        "two.jpg" -> RejectReason.AMBIGUOUS_ANNOTATION,
        "two.png" -> RejectReason.AMBIGUOUS_ANNOTATION,
        "many.jpg" -> RejectReason.AMBIGUOUS_ANNOTATION,
        "object.jpg" -> RejectReason.ANNOTATION_MISSING,
        "lost.png" -> RejectReason.SOURCE_MISSING))
  }

  test("ING-2 image-segmentation - lists of ImageSets/Segmentation - give usage, others do not") {
    val source = directory()
    val names = Seq("a", "b 1", "c", "d")
    for (name <- names) {
      write(source, s"JPEGImages/$name.jpg", Images.jpeg(4, 3))
      write(source, s"SegmentationClass/$name.png", palette(4, 3)((_, _) => 0))
    }
    write(source, "ImageSets/Segmentation/train.txt", "\uFEFFa\r\n")
    write(source, "ImageSets/Segmentation/val.txt", "b 1\n")
    write(source, "ImageSets/Segmentation/test.txt", "c.jpg")
    write(source, "ImageSets/Main/train.txt", "d\n")
    val found = accepted(opened(source))
    assert(
      found.map(a => a.sample.source.fileName -> a.sample.usage.orElse(null)).toMap === Map(
        "a.jpg" -> Usage.TRAIN,
        "b 1.jpg" -> Usage.EVAL,
        "c.jpg" -> Usage.TEST,
        "d.jpg" -> null))
    assert(found.forall(_.notes.asScala == Seq(Note.EMPTY_ANNOTATION)))
  }

  test("ING-2 image-segmentation - names with spaces, +, %, #, Chinese and emoji, or case only") {
    val source = directory()
    val names = Seq("a b", "a+b", "100%", "50%20x", "a#b?c", "狗/图片 1", "😀", "Case", "case", "a.b")
    for (name <- names) {
      write(source, s"JPEGImages/$name.jpg", Images.jpeg(4, 3))
      write(source, s"SegmentationClass/$name.png", palette(4, 3)((_, _) => 8))
    }
    val samples = accepted(opened(source)).map(_.sample)
    assert(samples.map(_.source.requireLocalPath).toSet ===
      names.map(name => source.resolve(s"JPEGImages/$name.jpg")).toSet)
    assert(samples.forall(_.isLabelled))
  }

  test("ING-2 image-segmentation - any order of listing - same outcomes") {
    val source = directory()
    for (i <- 1 to 5) {
      write(source, s"JPEGImages/$i.jpg", Images.jpeg(4, 3))
      write(source, s"SegmentationClass/$i.png", palette(4, 3)((x, _) => if (x == 0) i else 0))
      write(source, s"SegmentationObject/$i.png", palette(4, 3)((x, y) => if (x == 0) y else 0))
    }
    write(source, "JPEGImages/5.png", Images.png(4, 3))
    write(source, "SegmentationClass/6.png", Images.png(4, 3))
    write(source, "SegmentationObject/6.png", Images.png(4, 3))
    write(source, "ImageSets/Segmentation/train.txt", "1\n2\n7")
    write(source, "ImageSets/Segmentation/val.txt", "2\n7")
    assertAnyOrder(opened(source))
    val flat = directory()
    write(flat, "1.jpg", Images.jpeg(40, 30))
    write(flat, "1.png", Images.png(40, 30))
    write(flat, "1.xml", xml("1.jpg", "1.png"))
    assertAnyOrder(opened(flat))
  }

  test("ING-2 image-segmentation - recognised by its directories, by masks, by partners") {
    val format = new SegmentationFormat()
    val task = LabelTaskType.IMAGE_SEGMENTATION
    val kit = directory()
    write(kit, "VOC2012/JPEGImages/1.jpg", Images.jpeg(4, 3))
    assert(format.recognise(glance(kit), task) === Recognition.NONE)
    write(kit, "VOC2012/SegmentationClass/1.png", Images.png(4, 3))
    assert(format.recognise(glance(kit), task).score === 97)
    val flat = directory()
    pair(flat, "1")
    assert(format.recognise(glance(flat), task).score === 89)
    write(flat, "1.xml", xml("1.jpg", "1.png"))
    assert(
      format.recognise(glance(flat), task).evidence ===
        "1.xml is a Pascal VOC file that names a mask or its colours")
    assertThrows[DatasetException](opened(flat.resolve("1.xml")))
  }

  test("ING-2 image-segmentation - VOC 2007's own masks - classes that VOC gives these images") {
    val real = sharedData("carbondata-flowers")
      .resolve("sdk/sdk/src/test/resources/image/vocForSegmentationClass")
    val source = directory()
    for (name <- Seq("2007_000032", "2007_000033", "2007_000042")) {
      write(source, s"JPEGImages/$name.jpg", Files.readAllBytes(real.resolve(s"$name.jpg")))
      write(source, s"SegmentationClass/$name.png", Files.readAllBytes(real.resolve(s"$name.png")))
    }
    val found = outcomes(opened(source), probe = new ImageProbe(1 << 20, 1 << 20)).collect {
      case a: Accepted => a.sample.source.fileName -> a.sample.labels.asScala.map(_.value).toSet
    }
    assert(
      found.toMap === Map(
        "2007_000032.jpg" -> Set("aeroplane", "person"),
        "2007_000033.jpg" -> Set("aeroplane"),
        "2007_000042.jpg" -> Set("train")))
  }

  private def opened(source: Path): Laid =
    open(new SegmentationFormat(), source, LabelTaskType.IMAGE_SEGMENTATION)

  /** The objects of a mask of 2 x 2 pixels. */
  private def objectsOf(maskImage: Array[Byte]): Seq[(String, Shape)] = {
    val source = directory()
    write(source, "JPEGImages/1.jpg", Images.jpeg(2, 2))
    write(source, "SegmentationClass/1.png", maskImage)
    accepted(opened(source)).head.sample.objects.asScala.map(o => o.name.value -> o.shape).toSeq
  }

  private def xml(fileName: String, mask: String): String =
    s"""<annotation><folder>NA</folder><filename>$fileName</filename>
       |<size><width>40</width><height>30</height><depth>3</depth></size>
       |<segmented>1</segmented><mask_source>$mask</mask_source>
       |<object><name>bike</name><mask_color>193,243,53</mask_color><polygon>
       |<x1>1</x1><y1>2</y1><x2>20</x2><y2>3</y2><x3>9</x3><y3>25</y3><x4>1</x4><y4>2</y4>
       |</polygon></object></annotation>""".stripMargin

  private def mask(width: Int, height: Int, runs: Int*): Shape =
    new Shape.Mask(width, height, runs.map(Integer.valueOf).asJava)

  /** An image of VOC's colours by index. */
  private def palette(width: Int, height: Int)(index: (Int, Int) => Int): Array[Byte] = {
    val colors = Array.tabulate(256)(MaskClass.vocColor(_))
    def part(shift: Int) = colors.map(color => (color >> shift & 0xff).toByte)
    val model = new IndexColorModel(8, 256, part(16), part(8), part(0))
    val image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, model)
    for (x <- 0 until width; y <- 0 until height) {
      image.getRaster.setSample(x, y, 0, index(x, y))
    }
    png(image)
  }

  private def grey(value: Int): Array[Byte] = {
    val image = new BufferedImage(4, 3, BufferedImage.TYPE_BYTE_GRAY)
    image.getRaster.setSample(0, 0, 0, value)
    png(image)
  }

  /** A PNG whose compressed pixels are no such. */
  private def broken(png: Array[Byte]): Array[Byte] = {
    val at = new String(png, "ISO-8859-1").indexOf("IDAT") + 4
    png.zipWithIndex.map { case (byte, i) => if (i >= at && i < at + 8) -1.toByte else byte }
  }

  private def png(image: BufferedImage): Array[Byte] = {
    val bytes = new ByteArrayOutputStream()
    ImageIO.write(image, "png", bytes)
    bytes.toByteArray
  }
}
