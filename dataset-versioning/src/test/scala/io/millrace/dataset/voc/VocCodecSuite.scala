package io.millrace.dataset.voc

import java.io.ByteArrayInputStream
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.Files
import java.util.{List => JList, Map => JMap, Optional, OptionalDouble, OptionalInt}

import scala.jdk.CollectionConverters._
import scala.util.Using

import org.scalacheck.Gen
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{forAll => forEach, Table}
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks

import io.millrace.dataset._

class VocCodecSuite extends AnyFunSuite with ScalaCheckPropertyChecks with SharedData {
  private val codec = new VocCodec(Limits.DEFAULT)
  private val head =
    """<folder>d</folder><filename>a.jpg</filename>
      |<size><width>767</width><height>959</height><depth>3</depth></size>
      |<segmented>0</segmented>""".stripMargin
  private val box = "<bndbox><xmin>108</xmin><ymin>101</ymin><xmax>251</xmax><ymax>238</ymax></bndbox>"

  private def file(body: String): Array[Byte] = s"<annotation>$body</annotation>".getBytes(UTF_8)

  private def accepted(bytes: Array[Byte]): ParsedVoc.Accepted = codec.decode(bytes) match {
    case a: ParsedVoc.Accepted => a
    case r: ParsedVoc.Rejected => fail(r.describe("file"))
  }

  private def document(body: String): VocDocument = accepted(file(body)).document

  private def rejected(bytes: Array[Byte]): ParsedVoc.Rejected = codec.decode(bytes) match {
    case r: ParsedVoc.Rejected => r
    case a: ParsedVoc.Accepted => fail(s"accepted: $a")
  }

  private def obj(content: String): VocObject =
    document(s"$head<object><name>x</name>$content</object>").objects.get(0)

  test("DS-6 shapes - each form of the guide and the field - are read") {
    def points(xy: (Double, Double)*) = xy.map { case (x, y) => new Shape.Point(x, y) }.asJava
    val p = new Shape.Point(1, 2)
    val q = new Shape.Point(3.5, 4)
    forEach(Table(
      ("xml", "shape"),
      ("<point><x>1</x><y>2</y></point>", p),
      ("<point><x1>1</x1><y1>2</y1></point>", p),
      ("<line><x1>1</x1><y1>2</y1><x2>3.5</x2><y2>4</y2></line>",
        new Shape.Line(p, q, Shape.Stroke.SOLID)),
      ("<dashed><y2>4</y2><x2>3.50</x2><x1>1</x1><y1>2</y1></dashed>",
        new Shape.Line(p, q, Shape.Stroke.DASHED)),
      (box, new Shape.BoundingBox(108, 101, 251, 238)),
      ("<bndbox><ymax>4.25</ymax> <xmax> 3.5 </xmax><xmin>-1</xmin><ymin>0</ymin></bndbox>",
        new Shape.BoundingBox(-1, 0, 3.5, 4.25)),
      ("<polygon><x1>0</x1><y1>0</y1><x2>1</x2><y2>0</y2><x3>0</x3><y3>1</y3></polygon>",
        new Shape.Polygon(points((0, 0), (1, 0), (0, 1)))),
      ("<polygon><x1>0</x1><y1>0</y1><x2>1</x2><y2>0</y2><x3>0</x3><y3>1</y3><x4>0</x4>" +
        "<y4>0</y4></polygon>", new Shape.Polygon(points((0, 0), (1, 0), (0, 1)))),
      ("<polyline><x2>1</x2><y2>0</y2><x1>0</x1><y1>0</y1></polyline>",
        new Shape.Polyline(points((0, 0), (1, 0)))),
      ("<circle><cx>1</cx><cy>2</cy><r>100</r></circle>", new Shape.Circle(p, 100)),
      ("<mask><width>2</width><height>2</height><rle>1,2 ,1</rle></mask>",
        new Shape.Mask(2, 2, JList.of(1, 2, 1))))) { (xml, shape) =>
      assert(obj(xml).shape == shape)
    }
  }

  test("DS-6 the guide's box - ymin twice - reads the second as ymax, with a warning") {
    val read = accepted(file(
      s"""$head
         |<object><name>bag</name><bndbox><xmin>108</xmin><ymin>101</ymin><xmax>251</xmax>
         |<ymin>238</ymin></bndbox></object>""".stripMargin))
    assert(read.document.objects.get(0).shape == new Shape.BoundingBox(108, 101, 251, 238))
    assert(read.warnings.asScala.map(w => (w.message, w.line))
      == Seq(("<ymin> occurs twice, the second is read as <ymax>", 5)))
  }

  test("DS-6 document - the guide's segmentation sample - is read whole") {
    val read = document(
      """<folder>NA</folder><filename>image_0006.jpg</filename>
        |<source><database>Unknown</database></source>
        |<size><width>230</width><height>300</height><depth>3</depth></size>
        |<segmented>1</segmented><mask_source>obs://x/annotation/V001/image_0006.png</mask_source>
        |<object><name>bike</name><pose>Left</pose><truncated>0</truncated>
        |<difficult>1</difficult><mask_color>193,243,53</mask_color><occluded>1</occluded>
        |<hard-coefficient>0.8</hard-coefficient><confidence>0.5</confidence>
        |<polygon><x1>71</x1><y1>48</y1><x2>75</x2><y2>73</y2><x3>49</x3><y3>69</y3></polygon>
        |</object>""".stripMargin)
    assert(read.image.get == new VocImage("NA", "image_0006.jpg", 230, 300, OptionalInt.of(3), true,
      Optional.of("obs://x/annotation/V001/image_0006.png")))
    val bike = read.objects.get(0)
    assert(bike.traits == new ObjectTraits("Left", false, true, true,
      Optional.of(new ObjectTraits.MaskColor(193, 243, 53))))
    assert(bike.hardness == new Hardness(false, OptionalDouble.of(0.8)))
    assert(bike.confidence == OptionalDouble.of(0.5))
    assert(read.others.asScala.map(_.name) == Seq("source"))
  }

  test("DS-6 accepted - what files of the field leave out or add - is no trouble") {
    assert(document("").image.isEmpty)
    assert(accepted("<annotation/>".getBytes(UTF_8)).document.objects.isEmpty)
    assert(document(" \n ").image.isEmpty)
    assert(document(head).objects.isEmpty)
    assert(document("<folder/><filename>noext</filename>" +
      "<size><height>2</height><width>1.0</width></size>").image.get.folder == "")
    val path = "<path>/home/nobody/here.jpg</path>"
    assert(document(path + head).others.get(0) == VocElement.ofText("path", "/home/nobody/here.jpg"))
    assert(accepted("<annotation verified=\"yes\"/>".getBytes(UTF_8)).document.attributes
      == JMap.of("verified", "yes"))
    val bom = "\ufeff<?xml version=\"1.0\"?><annotation/>".getBytes(UTF_8)
    assert(accepted(bom).document.image.isEmpty)
    assert(accepted("<?xml version='1.0'?><annotation/>".getBytes("UTF-16")).document.image.isEmpty)
    assert(rejected("<annotation>猫</annotation>".getBytes("GBK") :+ 0xff.toByte).message
      == "the bytes are not UTF-8")
    val gbk = s"<?xml version='1.0' encoding='GBK'?><annotation>$head<object><name>猫</name>$box" +
      "</object></annotation>"
    assert(accepted(gbk.getBytes("GBK")).document.objects.get(0).name.value == "猫")
  }

  test("DS-6 properties - pairs, pairs in a property, named elements - are the same") {
    val expected = new Properties(JMap.of("color", "red", "产地", "上海"))
    forEach(Table("xml",
      "<key>color</key><value>red</value><key>产地</key><value>上海</value>",
      "<property><key>color</key><value>red</value></property>" +
        "<property><key>产地</key><value>上海</value></property>",
      "<color>red</color><产地> 上海\n</产地>")) { xml =>
      assert(obj(s"$box<properties>$xml</properties>").properties == expected)
    }
  }

  test("DS-6 parts - nested in an object - are kept with their shape") {
    val part = s"<part><name>head</name>$box<pose>Left</pose></part>"
    val read = obj(box + part + part)
    assert(read.parts.size == 2)
    assert(read.parts.get(0) == new VocPart(new Label("head"),
      new Shape.BoundingBox(108, 101, 251, 238), JList.of(VocElement.ofText("pose", "Left"))))
  }

  test("DS-6 rejected - each kind of trouble - has its fault and a reason that helps") {
    def one(content: String) = s"$head<object>$content</object>"
    forEach(Table(
      ("body", "fault", "part of the message"),
      ("<filename>a</filename>", VocFault.MISSING_FIELD, "<annotation> has no <folder>"),
      ("<folder>d</folder>", VocFault.MISSING_FIELD, "<annotation> has no <filename>"),
      ("<folder/><filename> </filename>", VocFault.EMPTY_FIELD, "<filename> is empty"),
      ("<folder/><filename>a</filename>", VocFault.MISSING_FIELD, "has no <size>"),
      (head.replace("767", ""), VocFault.EMPTY_FIELD, "<width> is empty"),
      (head.replace("959", " "), VocFault.EMPTY_FIELD, "<height> is empty"),
      (head.replace("767", "0"), VocFault.INVALID_FIELD, "Invalid <width>: '0'"),
      (head.replace("<segmented>0<", "<segmented><"), VocFault.EMPTY_FIELD, "<segmented> is empty"),
      (head + head, VocFault.INVALID_FIELD, "occurs twice in <annotation>"),
      (one(box), VocFault.MISSING_FIELD, "<object> has no <name>"),
      (one("<name> </name>" + box), VocFault.EMPTY_FIELD, "<name> is empty"),
      (one("<name>a</name><difficult/>" + box), VocFault.EMPTY_FIELD, "<difficult> is empty"),
      (one("<name>a</name><difficult>x</difficult>" + box), VocFault.INVALID_FIELD,
        "Invalid <difficult>: 'x' (expected 0 or 1)"),
      (one("<name>a</name>"), VocFault.NO_POSITION, "<object> has no position"),
      (one("<name>a</name>" + box + box), VocFault.SEVERAL_POSITIONS, "has 2 positions"),
      (one("<name>a</name><point><x>1</x><y>1</y></point>" + box), VocFault.SEVERAL_POSITIONS,
        "has 2 positions"),
      (one("<name>a</name>" + box.replace("108", "300")), VocFault.BROKEN_BOX,
        "Invalid box: (300.0, 101.0, 251.0, 238.0) (expected xmin < xmax and ymin < ymax)"),
      (one("<name>a</name>" + box.replace("108", "251")), VocFault.BROKEN_BOX, "Invalid box"),
      (one("<name>a</name>" + box.replace("108", "NaN")), VocFault.BROKEN_BOX,
        "Invalid <xmin> of <bndbox>: 'NaN' (expected a number)"),
      (one("<name>a</name>" + box.replace("108", "")), VocFault.BROKEN_BOX, "expected a number"),
      (one("<name>a</name><bndbox/>"), VocFault.BROKEN_BOX, "<bndbox> holds nothing"),
      (one("<name>a</name>" + box.replace("ymax", "xmax")), VocFault.BROKEN_BOX, "occurs twice"),
      (one("<name>a</name><polygon><x1>1</x1><y1>1</y1></polygon>"), VocFault.BROKEN_SHAPE,
        "expected at least 3"),
      (one("<name>a</name><polygon><x1>1</x1><y2>1</y2></polygon>"), VocFault.BROKEN_SHAPE,
        "do not pair up"),
      (one("<name>a</name><circle><cx>1</cx><cy>1</cy><r>0</r></circle>"), VocFault.BROKEN_SHAPE,
        "radius 0.0 (expected above 0)"),
      (one("<name>a</name><mask><width>2</width><height>2</height><rle>1</rle></mask>"),
        VocFault.BROKEN_SHAPE, "the runs cover 1 pixels"),
      (one("<name>a</name><confidence>1.1</confidence>" + box), VocFault.INVALID_FIELD,
        "Invalid <confidence>: '1.1' (expected 0 to 1)"),
      (one("<name>a</name><mask_color>1,2,256</mask_color>" + box), VocFault.INVALID_FIELD,
        "Invalid mask colour"),
      (one(s"<name>a</name>$box<properties><key>k</key><value/></properties>"),
        VocFault.EMPTY_PROPERTY, "the property <value> is empty"),
      (one(s"<name>a</name>$box<properties><产地/></properties>"), VocFault.EMPTY_PROPERTY,
        "the property <产地> is empty"),
      (one(s"<name>a</name>$box<part><name>p</name></part>"), VocFault.NO_POSITION,
        "<part> has no position"))) { (body, fault, message) =>
      val no = rejected(file(body))
      assert(no.message.contains(message))
      assert(no.fault == fault && no.line >= 1)
    }
  }

  test("DS-6 rejected - files that are no VOC at all - say so") {
    forEach(Table(
      ("text", "fault"),
      ("", VocFault.EMPTY_FILE),
      (" \n", VocFault.EMPTY_FILE),
      ("<annotation>", VocFault.BROKEN_XML),
      ("{\"a\":1}", VocFault.BROKEN_XML),
      ("<annotation/><annotation/>", VocFault.BROKEN_XML),
      ("<?xml version='1.0' encoding='no-such'?><annotation/>", VocFault.BROKEN_XML),
      ("<?xml version='1.1'?><annotation/>", VocFault.FORBIDDEN_XML),
      ("<html/>", VocFault.NOT_VOC),
      ("<a:annotation xmlns:a='x'/>", VocFault.FORBIDDEN_XML))) { (text, fault) =>
      assert(rejected(text.getBytes(UTF_8)).fault == fault)
    }
    assert(rejected("<html/>".getBytes(UTF_8)).describe("f.xml")
      == "f.xml:1:8: the root element is <html>, not <annotation>")
    assert(VocFault.BROKEN_BOX.code == "voc_broken_box")
  }

  test("DS-6 safety - external entity, entity expansion, endless nesting - are refused") {
    val secret = Files.createTempFile("secret", ".txt")
    Files.writeString(secret, "SECRET")
    val xxe = s"""<!DOCTYPE annotation [<!ENTITY x SYSTEM "${secret.toUri}">]>
                 |<annotation><folder>&x;</folder></annotation>""".stripMargin
    val bomb = "<!DOCTYPE annotation [<!ENTITY a \"" + "x" * 1000 + "\">" +
      (1 to 20).map(i => s"<!ENTITY a$i \"&a;&a;\">").mkString + "]><annotation>&a20;</annotation>"
    Seq(xxe, bomb).foreach { text =>
      val no = rejected(text.getBytes(UTF_8))
      assert(no.fault == VocFault.FORBIDDEN_XML && !no.message.contains("SECRET"))
    }
    val deep = "<annotation>" + "<a>" * 100000
    assert(rejected(deep.getBytes(UTF_8)).fault == VocFault.FORBIDDEN_XML)
    assert(rejected(file("<folder>&x;</folder>")).fault == VocFault.BROKEN_XML)
  }

  test("DS-2 annotation file limit - one byte more - is rejected with the limit") {
    val bytes = "<annotation/>".getBytes(UTF_8)
    def by(limit: Long) = new VocCodec(new Limits(1, 1, 1, 1, 1, 1, limit))
    assert(by(13).decode(new ByteArrayInputStream(bytes)).isInstanceOf[ParsedVoc.Accepted])
    val no = by(12).decode(new ByteArrayInputStream(bytes)).asInstanceOf[ParsedVoc.Rejected]
    assert(no.describe("f") == "f: the file is larger than limits.annotationFileBytes (12 bytes)")
  }

  test("encode - a document - has the guide's layout") {
    val image = new VocImage("NA", "a.jpg", 230, 300, OptionalInt.of(3), false, Optional.empty())
    val source = VocElement.ofChildren("source", JList.of(VocElement.ofText("database", "Unknown")))
    val text = new String(codec.encode(new VocDocument(Optional.of(image),
      JList.of(VocObject.of(new Label("a & b"), new Shape.BoundingBox(1, 2, 3.5, 4))),
      JMap.of(), JList.of(source))), UTF_8)
    assert(text ==
      """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
        |<annotation>
        |  <folder>NA</folder>
        |  <filename>a.jpg</filename>
        |  <source>
        |    <database>Unknown</database>
        |  </source>
        |  <size>
        |    <width>230</width>
        |    <height>300</height>
        |    <depth>3</depth>
        |  </size>
        |  <segmented>0</segmented>
        |  <object>
        |    <name>a &amp; b</name>
        |    <pose>Unspecified</pose>
        |    <truncated>0</truncated>
        |    <occluded>0</occluded>
        |    <difficult>0</difficult>
        |    <bndbox>
        |      <xmin>1</xmin>
        |      <ymin>2</ymin>
        |      <xmax>3.5</xmax>
        |      <ymax>4</ymax>
        |    </bndbox>
        |  </object>
        |</annotation>
        |""".stripMargin)
  }

  test("DS-6 law - arbitrary documents - come back as they were, without warnings") {
    forAll(VocDocuments.documents, minSuccessful(300)) { document =>
      val read = accepted(codec.encode(document))
      assert(read.document == document)
      assert(read.warnings.isEmpty)
    }
  }

  test("DS-6 law - objects to annotations and back - keep parts, properties and the unknown") {
    forAll(VocDocuments.documents, minSuccessful(200)) { document =>
      val objects = document.imageObjects(LabelTaskType.OBJECT_DETECTION)
      val sample = Sample.of(StorageUri.parse("s3://b/d/a.jpg"), DatasetKind.IMAGE, 1,
        java.time.Instant.EPOCH).withMeasures(Measures.ofImage(10, 20, 3))
        .withAnnotations(JList.copyOf(objects))
      assert(VocDocument.of(sample).objects == document.objects)
    }
  }

  test("of(sample) - a segmentation - names folder, file and size, and keeps the mask's place") {
    val read = document(head.replace("<segmented>0</segmented>",
      "<segmented>1</segmented><mask_source>obs://b/m.png</mask_source>") +
      s"<object><name>x</name>$box</object>")
    val sample = Sample.of(StorageUri.parse("s3://b/d/图 1.jpg"), DatasetKind.IMAGE, 1,
      java.time.Instant.EPOCH)
      .withAnnotations(JList.copyOf(read.imageObjects(LabelTaskType.IMAGE_SEGMENTATION)))
    val error = intercept[DatasetException](VocDocument.of(sample))
    assert(error.getMessage.contains("width and height are unknown"))
    val image = VocDocument.of(sample.withMeasures(Measures.ofImage(10, 20, 3))).image.get
    assert(image == new VocImage("d", "图 1.jpg", 10, 20, OptionalInt.of(3), true,
      Optional.of("obs://b/m.png")))
  }

  test("objects of a manifest's annotation - what it says of the file - each object says itself") {
    val info = new AnnotationInfo(Optional.of("i"), new Properties(JMap.of("p", "q")),
      new Hardness(true, OptionalDouble.of(0.5)), Optional.of("human"), Optional.empty(),
      OptionalDouble.of(0.9), "{\"x\":1}")
    val named = new Annotation.ObjectFile(LabelTaskType.VIDEO_ANNOTATION,
      StorageUri.parse("/1.xml"), "PASCAL VOC", Optional.empty(), info)
    val read = document(s"$head<object><name>x</name><confidence>0.1</confidence>$box</object>")
      .imageObjects(named).get(0)
    assert(read.taskType == LabelTaskType.VIDEO_ANNOTATION)
    assert(read.info.annotatedBy == Optional.of("human"))
    assert(read.info.hardness == new Hardness(true, OptionalDouble.of(0.5)))
    assert(read.info.confidence == OptionalDouble.of(0.1))
    assert(read.info.foreignFields
      == """{"manifest":{"id":"i","property":{"p":"q"},"x":1}}""")
  }

  test("encode - a character that XML cannot hold - fails and names it") {
    val image = new VocImage("a\u0001", "a.jpg", 1, 1, OptionalInt.empty, false, Optional.empty())
    val error = intercept[DatasetException](codec.encode(
      new VocDocument(Optional.of(image), JList.of(), JMap.of(), JList.of())))
    assert(error.getMessage.contains("U+0001"))
  }

  test("number text - doubles - read back as the same, whole ones without fraction") {
    assert(Seq(1.0, -3.0, 0.1, 1e14, -0.0).map(VocWriter.text)
      == Seq("1", "-3", "0.1", "100000000000000", "-0.0"))
    forAll(Gen.double) { value =>
      val text = VocWriter.text(value * 1000)
      assert(ShapeParser.number(text) == OptionalDouble.of(value * 1000))
    }
  }

  test("real files - bccd-voc and CarbonData's - are read, but for two boxes without area") {
    val files = Seq("bccd-voc/BCCD/Annotations", "carbondata-flowers/sdk/sdk/src/test/resources/image/voc")
      .flatMap(name => Using.resource(Files.list(sharedData(name)))(_.iterator.asScala.toVector))
      .filter(_.toString.endsWith(".xml"))
    val results = files.map(file => file.getFileName.toString -> codec.decode(Files.readAllBytes(file)))
    val no = results.collect { case (name, r: ParsedVoc.Rejected) => name -> r.fault }
    assert(no.toMap == Map("BloodImage_00338.xml" -> VocFault.BROKEN_BOX,
      "BloodImage_00343.xml" -> VocFault.BROKEN_BOX))
    assert(results.size == 369)
    val parts = results.collect { case ("2007_000027.xml", a: ParsedVoc.Accepted) =>
      a.document.objects.get(0).parts.asScala.map(_.name.value).toSeq
    }
    assert(parts == Seq(Seq("head", "hand", "foot", "foot")))
  }
}
