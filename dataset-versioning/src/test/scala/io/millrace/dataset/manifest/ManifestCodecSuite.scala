package io.millrace.dataset.manifest

import java.time.{Duration, Instant, LocalDateTime}
import java.util.{List => JList, Optional, OptionalDouble}

import scala.jdk.CollectionConverters._

import org.scalacheck.Gen
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{forAll => forEach, Table}
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks

import io.millrace.dataset._

class ManifestCodecSuite extends AnyFunSuite with ScalaCheckPropertyChecks {
  private val codec = new ManifestCodec
  private val readAt = Instant.parse("2026-11-22T00:00:00Z")
  private val atHome = new ManifestCodec(StorageUri.parse("s3://b/out/V001.manifest"), readAt)

  private def accepted(line: String, by: ManifestCodec = codec): Sample = by.decode(1, line) match {
    case a: Accepted => a.sample
    case r: Rejected => fail(s"rejected: ${r.describe("line")}")
  }

  private def rejected(line: String): Rejected = codec.decode(7, line) match {
    case r: Rejected => r
    case _: Accepted => fail(s"accepted: $line")
  }

  private def annotation(json: String): Annotation =
    accepted(s"""{"source":"s3://b/x","annotation":[$json]}""").annotations.get(0)

  test("DS-5 image classification - the guide's sample - is read whole") {
    val sample = accepted("""{"source": "s3://path/to/image1.jpg", "usage": "TRAIN", "hard": "true",
      "hard-coefficient": 0.8, "id": "0162005993f8065ef47eefb59d1e4970", "annotation": [
      {"type": "modelarts/image_classification", "name": "cat", "property": {"color": "white",
      "kind": "Persian cat"}, "hard": "true", "hard-coefficient": 0.8, "annotated-by": "human",
      "creation-time": "2019-01-23 11:30:30"}, {"type": "modelarts/image_classification",
      "name": "animal", "annotated-by": "modelarts/active-learning", "confidence": 0.8,
      "creation-time": "2019-01-23 11:30:30"}], "inference-loc": "/path/to/inference-output"}"""
      .replace("\n", " "))
    assert(sample.id.value == "0162005993f8065ef47eefb59d1e4970")
    assert(sample.usage == Optional.of(Usage.TRAIN))
    assert(sample.hardness == new Hardness(true, OptionalDouble.of(0.8)))
    assert(sample.kind == DatasetKind.IMAGE)
    assert(sample.inferenceLocation == Optional.of(StorageUri.parse("/path/to/inference-output")))
    assert(sample.labels.asScala.toSeq.map(_.value) == Seq("animal", "cat"))
    val cat = sample.annotations.get(0).info
    assert(cat.properties.value("kind") == Optional.of("Persian cat"))
    assert(cat.creationTime == Optional.of(LocalDateTime.of(2019, 1, 23, 11, 30, 30)))
    assert(sample.annotations.get(1).info.confidence == OptionalDouble.of(0.8))
  }

  test("DS-4 annotations - each type of the guide - becomes its own kind of annotation") {
    val by = """"annotated-by":"human""""
    val entity = annotation(s"""{"type":"modelarts/text_entity","name":"Person","property":
      {"@modelarts:start_index":0,"@modelarts:end_index":"14","note":1},$by}""".replace("\n", ""))
    assert(entity.asInstanceOf[Annotation.TextEntity].end == 14)
    assert(entity.taskType == LabelTaskType.NAMED_ENTITY_RECOGNITION)
    assert(entity.info.properties.values == java.util.Map.of("note", 1L))
    val speech = annotation(
      """{"type":"modelarts/audio_content","property":{"@modelarts:content":"Today."}}""")
    assert(speech.asInstanceOf[Annotation.SpeechContent].content == "Today.")
    val segment = annotation("""{"type":"modelarts/audio_segmentation","property":
      {"@modelarts:start_time":"00:01:10.123","@modelarts:end_time":"00:01:15.456",
      "@modelarts:source":"Tom","@modelarts:content":"How are you?"}}""".replace("\n", ""))
      .asInstanceOf[Annotation.SpeechSegment]
    assert(segment.start == Duration.ofMillis(70123) && segment.end == Duration.ofMillis(75456))
    assert(segment.speaker == Optional.of("Tom"))
    val file = annotation(
      """{"type":"modelarts/image_segmentation","annotation-loc":"s3://b/1.xml"}""")
      .asInstanceOf[Annotation.ObjectFile]
    assert(file.location.value == "s3://b/1.xml" && file.format == "PASCAL VOC")
  }

  test("DS-4 triples - entities and relations in one line - are all of the task TEXT_TRIPLE") {
    val sample = accepted("""{"source":"content://\"Three Body\" by Liu","annotation":[
      {"type":"modelarts/text_entity","name":"Book","id":"E2","property":
      {"@modelarts:start_index":0,"@modelarts:end_index":12}},
      {"type":"modelarts/text_triplet","name":"Author","id":"R1","property":
      {"@modelarts:from":"E1","@modelarts:to":"E2"}}]}""".replace("\n", ""))
    assert(sample.annotations.asScala.map(_.taskType).toSet == Set(LabelTaskType.TEXT_TRIPLE))
    assert(sample.kind == DatasetKind.TEXT)
    assert(sample.sizeBytes == "\"Three Body\" by Liu".length)
    assert(sample.annotations.get(1).asInstanceOf[Annotation.TextRelation].from == "E1")
  }

  test("DS-4 video frame - properties of the parent - makes the objects a video annotation") {
    val sample = accepted("""{"annotation":[{"annotation-format":"PASCAL VOC",
      "type":"modelarts/object_detection","annotation-loc":"s3://b/1_t1.473722.xml"}],
      "usage":"train","property":{"@modelarts:parent_duration":8,"@modelarts:time_in_video":
      1.473722,"@modelarts:parent_source":"s3://b/1.mp4"},"source":"s3://b/1_t1.473722.jpg",
      "id":"43d88677c1e9a971eeb692a80534b5d5","sample-type":0}""".replace("\n", ""))
    assert(sample.annotations.get(0).taskType == LabelTaskType.VIDEO_ANNOTATION)
    assert(sample.kind == DatasetKind.IMAGE)
    assert(sample.usage == Optional.of(Usage.TRAIN))
    assert(sample.properties.value("@modelarts:time_in_video")
      == Optional.of(new java.math.BigDecimal("1.473722")))
  }

  test("DS-5 spellings of the field - hard, usage, numbers, keys - are all understood") {
    forEach(Table(
      ("fields", "expected"),
      (""""hard":true""", (true, "", "")),
      (""""hard":"True"""", (true, "", "")),
      (""""hard":"FALSE"""", (false, "", "")),
      (""""hard":null""", (false, "", "")),
      (""""hard-coefficient":"0.5"""", (false, "0.5", "")),
      (""""hard_coefficient":1""", (false, "1.0", "")),
      (""""usage":"tRaIn"""", (false, "", "TRAIN")),
      (""""usage":""""", (false, "", "")))) { (fields, expected) =>
      val sample = accepted(s"""{"source":"/a.jpg",$fields}""")
      val coefficient = sample.hardness.coefficient
      assert((sample.hardness.hard,
        if (coefficient.isPresent) coefficient.getAsDouble.toString else "",
        sample.usage.map[String](_.name).orElse("")) == expected)
    }
  }

  test("DS-5 keys with underscores - on sample and annotation - count as the hyphenated ones") {
    val sample = accepted("""{"source":"/a.jpg","inference_loc":"/r","sample_type":"0",
      "annotation":[{"type":"object_detection","annotation_loc":"/a.xml","annotation_format":
      "pascal voc","annotated_by":"human/user/user","creation_time":"2019-01-23 11:30:30"}]}"""
      .replace("\n", ""))
    assert(sample.inferenceLocation.get.value == "/r")
    val file = sample.annotations.get(0).asInstanceOf[Annotation.ObjectFile]
    assert(file.location.value == "/a.xml")
    assert(file.info.annotatedBy == Optional.of("human/user/user"))
    assert(file.info.creationTime.isPresent)
    assert(sample.foreignFields == "" && file.info.foreignFields == "")
  }

  test("DS-5 property - an object or the text of one, with odd keys - is the same") {
    val plain = accepted("""{"source":"/a","property":{"a b[0]":1.50,"键":[null,true]}}""")
    val text = accepted("""{"source":"/a","property":"{\"a b[0]\":1.50,\"键\":[null,true]}"}""")
    assert(plain.properties == text.properties)
    assert(plain.properties.value("a b[0]") == Optional.of(new java.math.BigDecimal("1.50")))
  }

  test("DS-5 relative addresses - source, annotation-loc - lie beside the manifest") {
    val line = """{"source":"./img/a b.jpg","annotation":[
      {"type":"object_detection","annotation-loc":"voc/x.xml"}]}""".replace("\n", "")
    val sample = accepted(line, atHome)
    assert(sample.source.value == "s3://b/out/img/a b.jpg")
    assert(sample.createdAt == readAt)
    val file = sample.annotations.get(0).asInstanceOf[Annotation.ObjectFile]
    assert(file.location.value == "s3://b/out/voc/x.xml")
    assert(rejected(line).reason.contains("is relative, and the manifest's own address is unknown"))
  }

  test("DS-5 types - without prefix, the alias sound_classification - are understood") {
    Seq("audio_classification", "modelarts/sound_classification", "sound_classification")
      .foreach { word =>
        assert(annotation(s"""{"type":"$word","name":"7"}""").taskType
          == LabelTaskType.AUDIO_CLASSIFICATION)
      }
  }

  test("DS-5 labels - Chinese, of digits, a number, the same twice - are all kept") {
    val sample = accepted("""{"source":"/a.jpg","annotation":[
      {"type":"image_classification","name":"红细胞"},{"type":"image_classification","name":7},
      {"type":"image_classification","name":"7"}]}""".replace("\n", ""))
    assert(sample.labels.asScala.toSeq.map(_.value) == Seq("7", "红细胞"))
    assert(sample.annotations.size == 3)
  }

  test("DS-5 content - quotes, line ends, any character - is the text itself") {
    val sample = accepted("{\"source\":\"content://a \\\"b\\\"\\n\\t\\u0000😀/ x \"}")
    assert(sample.source.path == "a \"b\"\n\t\u0000😀/ x ")
    assert(sample.kind == DatasetKind.TEXT)
  }

  test("DS-5 source - every scheme - keeps its text") {
    Seq("s3://b/a%20b.jpg", "obs://b/图.jpg", "s3a://b/x", "hdfs://h:8020/x", "file:/a b/x",
      "file:///a%20b", "/a b/x.jpg", "https://h/x.jpg?X-Sig=a%2Fb&n=1").foreach { source =>
      assert(accepted(s"""{"source":"$source"}""").source.value == source)
    }
  }

  test("kind - sample-type, else annotations, else content or file name - decides") {
    forEach(Table(
      ("line", "kind"),
      ("""{"source":"/a.jpg","sample-type":6}""", DatasetKind.VIDEO),
      ("""{"source":"/a","annotation":[{"type":"audio_content","property":
        {"@modelarts:content":""}}]}""", DatasetKind.AUDIO),
      ("""{"source":"content://x"}""", DatasetKind.TEXT),
      ("""{"source":"/a.PNG"}""", DatasetKind.IMAGE),
      ("""{"source":"/a.wav"}""", DatasetKind.AUDIO),
      ("""{"source":"/a.csv"}""", DatasetKind.TEXT),
      ("""{"source":"/a.parquet"}""", DatasetKind.TABLE),
      ("""{"source":"/a"}""", DatasetKind.FREE))) { (line, kind) =>
      assert(accepted(line.replace("\n", "")).kind == kind)
    }
  }

  test("DS-5 unknown fields - on sample and annotation - are kept, with a time of another form") {
    val sample = accepted("""{"source":"obs://b/1.jpg","result":"FAILED","error_message":null,
      "annotation":[{"type":"image_classification","name":"a","creation-time":1548214230000,
      "x":{"y":1.10}}]}""".replace("\n", ""))
    assert(JsonValues.parse(sample.foreignFields)
      == JsonValues.parse("""{"result":"FAILED","error_message":null}"""))
    assert(JsonValues.parse(sample.annotations.get(0).info.foreignFields)
      == JsonValues.parse("""{"creation-time":1548214230000,"x":{"y":1.1}}"""))
  }

  test("DS-5 rejected - each kind of trouble - has its fault, its column and a reason that helps") {
    val start = """{"source":"/a.jpg","""
    forEach(Table(
      ("line", "fault", "column", "part of the reason"),
      ("", ManifestFault.BROKEN_JSON, 1, "the line is blank"),
      ("[]", ManifestFault.BROKEN_JSON, 1, "holds no JSON object"),
      ("{\"a\":1", ManifestFault.BROKEN_JSON, 7, "the JSON is broken"),
      ("{\"source\":\"/a\"} {}", ManifestFault.BROKEN_JSON, 17, "the JSON is broken"),
      ("{\"source\":\"/a\",}", ManifestFault.BROKEN_JSON, 16, "the JSON is broken"),
      ("{\"source\":\"/a\",\"source\":\"/b\"}", ManifestFault.BROKEN_JSON, 24, "Duplicate"),
      ("{\"source\":NaN}", ManifestFault.BROKEN_JSON, 14, "NaN"),
      ("{\"source\":\"content://\"Three\"\"}", ManifestFault.BROKEN_JSON, 23, "broken"),
      ("{\"a\":" + "[" * 100 + "]" * 100 + "}", ManifestFault.BROKEN_JSON, 1, "nest"),
      ("{\"a\":" + "1" * 401 + "}", ManifestFault.BROKEN_JSON, 1, "Number"),
      ("{\"source\":\"content://\\ud800\"}", ManifestFault.BROKEN_TEXT, 22, "surrogate"),
      ("{\"source\":\"content://\udc00\"}", ManifestFault.BROKEN_TEXT, 22, "surrogate"),
      ("{}", ManifestFault.MISSING_FIELD, 1, "the field \"source\" is missing"),
      ("{\"source\":\"\"}", ManifestFault.MISSING_FIELD, 1, "the field \"source\" is missing"),
      ("{\"source-ref\":\"s3://b/x\"}", ManifestFault.MISSING_FIELD, 1, "SageMaker"),
      ("{\"source\":[1]}", ManifestFault.INVALID_FIELD, 11, "expected text"),
      ("{\"source\":\"ftp://h/x\"}", ManifestFault.INVALID_FIELD, 11, "expected s3://"),
      ("{\"source\":\"/x\\u0000\"}", ManifestFault.INVALID_FIELD, 11, "NUL"),
      (start + "\"source-type\":\"CarbonData\"}", ManifestFault.COLUMN_FILE, 34, "column files"),
      (start + "\"source_type\":\"carbondata\"}", ManifestFault.COLUMN_FILE, 34, "column files"),
      (start + "\"usage\":\"x\"}", ManifestFault.INVALID_FIELD, 28, "expected TRAIN, EVAL"),
      (start + "\"hard\":\"yes\"}", ManifestFault.INVALID_FIELD, 27, "expected true or false"),
      (start + "\"hard-coefficient\":1.5}", ManifestFault.INVALID_FIELD, 39, "expected 0 to 1"),
      (start + "\"hard-coefficient\":\"x\"}", ManifestFault.INVALID_FIELD, 39, "a number"),
      (start + "\"sample-type\":3}", ManifestFault.INVALID_FIELD, 34, "expected 0 image"),
      (start + "\"property\":\"{\"}", ManifestFault.INVALID_FIELD, 31, "no JSON object"),
      (start + "\"property\":[]}", ManifestFault.INVALID_FIELD, 31, "expected an object"),
      (start + "\"annotation\":{}}", ManifestFault.INVALID_FIELD, 33, "expected an array"),
      (start + "\"annotation\":[{}, 1]}", ManifestFault.MISSING_FIELD, 34, "\"type\" is missing"),
      (start + "\"annotation\":[{\"type\":\"x\"}]}", ManifestFault.INVALID_FIELD, 42,
        "image_classification, object_detection"),
      (start + "\"annotation\":[{\"type\":\"image_classification\"}]}",
        ManifestFault.MISSING_FIELD, 34, "\"name\" is missing"),
      (start + "\"annotation\":[{\"type\":\"object_detection\"}]}",
        ManifestFault.MISSING_FIELD, 34, "\"annotation-loc\" is missing"),
      (start + "\"annotation\":[{\"type\":\"object_detection\",\"annotation-loc\":\"/x\"," +
        "\"annotation-format\":\"COCO\"}]}", ManifestFault.INVALID_FIELD, 103,
        "expected PASCAL VOC"),
      (start + "\"annotation\":[{\"type\":\"text_triplet\",\"name\":\"a\",\"property\":" +
        "{\"@modelarts:from\":\"E1\",\"@modelarts:to\":\"E2\"}}]}",
        ManifestFault.MISSING_FIELD, 34, "\"id\" is missing"),
      (start + "\"annotation\":[{\"type\":\"text_entity\",\"name\":\"a\",\"property\":" +
        "{\"@modelarts:start_index\":5,\"@modelarts:end_index\":2}}]}",
        ManifestFault.INVALID_FIELD, 129, "0 <= start_index < end_index"))) {
      (line, fault, column, reason) =>
        val no = rejected(line)
        assert(no.reason.contains(reason))
        assert((no.lineNumber, no.fault, no.column) == ((7, fault, column)))
        assert(no.text == line.take(200))
    }
  }

  test("rejected - described for a report - names file, line, column, reason and 200 characters") {
    val no = rejected("{\"x\":\"" + "y" * 500)
    assert(no.text.length == 200)
    assert(no.describe("s3://b/m").startsWith("s3://b/m:7:"))
    assert(no.fault.code == "manifest_broken_json")
  }

  test("encode - a sample - has ModelArts' order and spelling of fields") {
    val sample = accepted("""{"sample-type":0,"hard":"True","source":"s3://b/x.jpg","usage":"train",
      "annotation":[{"creation-time":"2019-01-23T11:30:30","annotated_by":"human","name":"cat",
      "type":"image_classification","hard":true,"property":"{\"color\":\"white\"}"}],"id":"i1",
      "inference_loc":"/r","z":1}""".replace("\n", ""))
    assert(codec.encode(sample) == """{"source":"s3://b/x.jpg","id":"i1","usage":"TRAIN",""" +
      """"hard":"true","annotation":[{"type":"modelarts/image_classification","name":"cat",""" +
      """"property":{"color":"white"},"hard":"true","annotated-by":"human",""" +
      """"creation-time":"2019-01-23 11:30:30"}],"inference-loc":"/r","sample-type":0,"z":1}""")
  }

  test("encode - objects - are one annotation that names the file, with what they agree on") {
    val objects = Seq("a", "b").map { name =>
      new Annotation.ImageObject(LabelTaskType.IMAGE_SEGMENTATION, new Label(name),
        new Shape.BoundingBox(1, 2, 3, 4), ObjectTraits.DEFAULT,
        new AnnotationInfo(Optional.empty(), Properties.EMPTY, new Hardness(name == "a",
          OptionalDouble.empty), Optional.of("human"), Optional.empty(), OptionalDouble.of(0.5),
          """{"manifest":{"x":1}}"""))
    }
    val sample = accepted("""{"source":"s3://b/x.jpg","id":"i"}""")
      .withAnnotations(JList.copyOf(objects.asJava))
    assert(codec.encode(sample, StorageUri.parse("s3://b/1.xml")) ==
      """{"source":"s3://b/x.jpg","id":"i","annotation":[{"type":"modelarts/image_segmentation",""" +
      """"annotation-loc":"s3://b/1.xml","annotation-format":"PASCAL VOC",""" +
      """"annotated-by":"human","confidence":0.5,"x":1}],"sample-type":0}""")
    intercept[IllegalStateException](codec.encode(sample))
  }

  test("encode - a text with a line separator - escapes it, so that a line stays a line") {
    val line = codec.encode(accepted("{\"source\":\"content://a\u2028b\\nc\"}"))
    assert(line.linesIterator.size == 1 && line.contains("a\\u2028b\\nc"))
  }

  test("DS-5 law - arbitrary samples - come back as they were") {
    forAll(Samples.samples, minSuccessful(500)) { sample =>
      assert(accepted(codec.encode(sample)) == sample)
    }
  }

  test("DS-5 law - lines in any spelling - are written back with the same JSON value") {
    forAll(ManifestLines.lines, minSuccessful(500)) { line =>
      codec.decode(1, line) match {
        case a: Accepted => assert(JsonValues.parse(codec.encode(a)) == JsonValues.parse(line))
        case r: Rejected => fail(r.describe("line"))
      }
    }
  }

  test("DS-5 law - a line in ModelArts' spelling - has the same JSON value through the sample too") {
    forAll(Samples.samples, Gen.oneOf(true, false), minSuccessful(200)) { (sample, _) =>
      val line = codec.encode(sample)
      assert(JsonValues.parse(codec.encode(accepted(line))) == JsonValues.parse(line))
    }
  }

  test("properties as JSON - arbitrary ones - come back as they were") {
    forAll(Samples.properties) { properties =>
      assert(PropertiesJson.read(PropertiesJson.write(properties)) == properties)
      assert(PropertiesJson.readWritten(PropertiesJson.write(properties)) == properties)
    }
    intercept[DatasetException](PropertiesJson.read("[1]"))
  }

  test("properties as JSON - beyond the bounds of a manifest - come back from our own text alone") {
    val long = new Properties(Map[String, Object](
      "n" * 60000 -> ("t" * 21000000),
      "digits" -> new java.math.BigDecimal("7" * 1200),
      "exponent" -> new java.math.BigDecimal("7" * 398 + "E99"),
      "deep" -> (1 to 100).foldLeft[Object]("x")((inner, _) => java.util.List.of(inner))
    ).asJava)
    val text = PropertiesJson.write(long)
    assert(PropertiesJson.readWritten(text).values.asScala == long.values.asScala)
    intercept[DatasetException](PropertiesJson.read(text))
    for (foreign <- Seq("[1]", "{", "")) {
      intercept[IllegalStateException](PropertiesJson.readWritten(foreign))
    }
  }

  test("clock time - hours to milliseconds - is read and written") {
    forEach(Table(("text", "written"), ("00:01:10.123", "00:01:10.123"), ("1:2:3", "01:02:03.000"),
      ("100:00:00.0000005", "100:00:00.0000005"))) { (text, written) =>
      assert(ClockTime.write(ClockTime.parse(text)) == written)
    }
    Seq("00:60:00", "1.5", "", "-1:00:00").foreach(text =>
      intercept[DatasetException](ClockTime.parse(text)))
  }
}
