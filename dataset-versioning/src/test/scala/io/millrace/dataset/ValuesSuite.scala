package io.millrace.dataset

import java.util.{List => JList, Map => JMap, Optional, OptionalDouble, OptionalInt}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks

/** The words of the shared language refuse what cannot be, with a message that helps. */
class ValuesSuite extends AnyFunSuite with TableDrivenPropertyChecks {

  test("DS-2 label - any printable text up to 128 characters - is taken as it is") {
    forAll(Table("label", "cat", "7", "红细胞", " positive", "a b/c", "😀" * 128, "x" * 128)) { text =>
      assert(new Label(text).value == text)
    }
  }

  test("DS-2 label - empty, too long, control character, half a surrogate pair - is refused") {
    forAll(Table(
      ("label", "part of the message"),
      ("", "it is empty"),
      (" ", "it is empty"),
      ("x" * 129, "129 characters"),
      ("a\tb", "'a?b' holds a control character"),
      ("a\ud800", "surrogate"),
      ("a\ufffe", "U+FFFE"))) { (text, message) =>
      assert(intercept[DatasetException](new Label(text)).getMessage.contains(message))
    }
  }

  test("DS-2 label - strict - is 1 to 32 of letters, digits, underscore and hyphen") {
    assert(new Label("A_b-9").isStrict && new Label("x" * 32).isStrict)
    assert(!new Label("x" * 33).isStrict && !new Label("猫").isStrict && !new Label("a b").isStrict)
  }

  test("DS-2 dataset name - 1 to 64 characters, a letter first - is the rule") {
    Seq("a", "Pets_2-x", "x" * 64).foreach(name => assert(new DatasetName(name).value == name))
    Seq("", "1a", "_a", "x" * 65, "a b", "猫", "a/b", "a\n").foreach { name =>
      val error = intercept[DatasetException](new DatasetName(name))
      assert(error.getMessage.startsWith(s"Invalid dataset name: '$name'"))
    }
  }

  test("DS-2 version name - counted after the highest - skips names given by users") {
    def next(names: String*) = VersionName.next(names.map(new VersionName(_)).asJava).value
    assert(next() == "V001")
    assert(next("V001", "V009", "final") == "V010")
    assert(next("V999") == "V1000")
    assert(next("V1", "v005") == "V001")
  }

  test("version name - the words of references, odd characters - are refused") {
    Seq("current", "latest", "", "a b", "v/1", "版本").foreach { name =>
      intercept[DatasetException](new VersionName(name))
    }
  }

  test("dataset reference - every form - is parsed and printed") {
    forAll(Table(
      ("text", "printed"),
      ("pets", "pets@current"),
      ("pets@current", "pets@current"),
      ("pets@latest", "pets@latest"),
      ("pets@V003", "pets@V003"))) { (text, printed) =>
      assert(DatasetRef.parse(text).toString == printed)
    }
    assert(DatasetRef.parse("pets@V003").versionName == Optional.of(new VersionName("V003")))
    assert(DatasetRef.parse("pets@latest").versionName.isEmpty)
    Seq("", "@V001", "pets@", "pets@a@b").foreach { text =>
      intercept[DatasetException](DatasetRef.parse(text))
    }
  }

  test("DS-3 sample id - spellings of one source - give one id, and another source another") {
    def id(text: String) = SampleId.ofSource(StorageUri.parse(text)).value
    assert(id("/d/a b.jpg") == id("file:///d/a%20b.jpg"))
    assert(id("https://h/x?sig=1") == id("https://h/x?sig=2"))
    assert(id("s3://b/x") == id("s3a://b/x"))
    assert(id("s3://b/x") != id("s3://b/y"))
    assert(id("content://a").matches("[0-9a-f]{32}"))
  }

  test("sample id - blank, longer than 256, with control characters - is refused") {
    Seq("", " ", "x" * 257, "a\nb").foreach(id => intercept[DatasetException](new SampleId(id)))
  }

  test("digest - of the text abc - is the one of FIPS 180-4") {
    assert(Digest.ofText("abc").hex
      == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  test("DS-1 kind - file names - are accepted by extension in any case") {
    assert(DatasetKind.IMAGE.accepts("a.JPEG") && DatasetKind.IMAGE.accepts("a.b.bmp"))
    assert(!DatasetKind.IMAGE.accepts("jpg") && !DatasetKind.IMAGE.accepts("a.gif"))
    assert(DatasetKind.FREE.accepts("anything"))
  }

  test("DS-1 kind - sample-type codes - are 0 image, 1 text, 2 audio, 4 table, 6 video") {
    val kinds = (-1 to 7).map(code => DatasetKind.ofSampleType(code).map(_.name).orElse("-"))
    assert(kinds == Seq("-", "IMAGE", "TEXT", "AUDIO", "-", "TABLE", "-", "VIDEO", "-"))
    assert(DatasetKind.FREE.sampleType.isEmpty)
  }

  test("DS-2 limits - by default - are ModelArts' own; none can be 0") {
    assert(Limits.DEFAULT == new Limits(1000000, 10000, 25L << 20, 5L << 30, 5L << 30, 100L << 10,
      100L << 20))
    val error = intercept[DatasetException](new Limits(1, 1, 1, 1, 1, 0, 1))
    assert(error.getMessage == "Invalid limits.lineBytes: 0 (expected at least 1)")
  }

  test("properties - values of every JSON type - are kept in order and cannot be changed") {
    val list = new java.util.ArrayList[Object](JList.of("x"))
    val properties = new Properties(JMap.of("list", list)).`with`("n", null)
      .`with`("d", new java.math.BigDecimal("1.50"))
    list.add("y")
    assert(properties.values.keySet.asScala.toSeq == Seq("list", "n", "d"))
    assert(properties.value("list") == Optional.of(JList.of("x")))
    intercept[UnsupportedOperationException](properties.values.put("x", "y"))
  }

  test("properties - a value of another type - is refused by name") {
    val error = intercept[DatasetException](new Properties(JMap.of("i", Integer.valueOf(1))))
    assert(error.getMessage.contains("java.lang.Integer"))
  }

  test("measures - zero pixels or a negative duration - are refused") {
    assert(intercept[DatasetException](Measures.ofImage(0, 1, 3)).getMessage
      == "Invalid width: 0 (expected at least 1)")
    intercept[DatasetException](new Measures(OptionalInt.empty, OptionalInt.empty,
      OptionalInt.empty, OptionalDouble.of(Double.NaN), OptionalInt.empty))
  }

  test("hardness and confidence - outside 0 to 1 - are refused") {
    Seq(-0.1, 1.1, Double.NaN).foreach { value =>
      intercept[DatasetException](new Hardness(true, OptionalDouble.of(value)))
      intercept[DatasetException](
        AnnotationInfo.ofMachine("m", java.time.LocalDateTime.of(2026, 1, 1, 0, 0), value))
    }
  }

  test("usage - in any case - is read; another word is none") {
    assert(Usage.parse("Train") == Optional.of(Usage.TRAIN))
    assert(Usage.parse("validation").isEmpty)
  }

  test("annotation - a task type it cannot belong to - is refused") {
    val info = AnnotationInfo.NONE
    val cat = new Label("cat")
    intercept[DatasetException](
      new Annotation.Classification(LabelTaskType.OBJECT_DETECTION, cat, info))
    intercept[DatasetException](
      new Annotation.TextEntity(LabelTaskType.NAMED_ENTITY_RECOGNITION, cat, 3, 3, info))
    intercept[DatasetException](new Annotation.TextRelation(cat, "E1", " ", info))
  }
}
