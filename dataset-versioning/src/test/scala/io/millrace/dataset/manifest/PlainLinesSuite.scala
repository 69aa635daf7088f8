package io.millrace.dataset.manifest

import java.io.ByteArrayInputStream
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.Files
import java.time.Instant
import java.util.concurrent.{Callable, Executors}

import scala.jdk.CollectionConverters._
import scala.util.{Random, Using}

import org.scalacheck.Gen
import org.scalacheck.rng.Seed
import org.scalatest.funsuite.AnyFunSuite
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks

import io.millrace.dataset.{Limits, SharedData, StorageUri, Samples}

/** The fast path gives for every line just what the careful path gives. */
class PlainLinesSuite extends AnyFunSuite with ScalaCheckPropertyChecks with SharedData {
  private val codecs = Seq(
    new ManifestCodec,
    new ManifestCodec(StorageUri.parse("s3://b/out/V001.manifest"), Instant.ofEpochSecond(7)))

  /** Whether the fast path took the line. */
  private def isPlain(line: String): Boolean = {
    val bytes = line.getBytes(UTF_8)
    val plain = new PlainLines((text: String) => StorageUri.parse(text), Instant.EPOCH)
    plain.decode(bytes, 0, bytes.length).isPresent
  }

  private def assertSame(line: String): Unit = codecs.foreach { codec =>
    // A line with half a pair is refused before either path.
    if (ManifestJson.loneSurrogate(line) < 0) {
      val careful = codec.decodeCarefully(5, line)
      val fast = codec.decode(5, line)
      assert(fast == careful, line)
      // Equality does not see the order of properties.
      assert(fast.toString == careful.toString, line)
      // In the middle of a buffer, with what would go on beyond the end of the line.
      val text = s"0123$line,}]\"0"
      val bytes = text.getBytes(UTF_8)
      val length = line.getBytes(UTF_8).length
      assert(codec.decode(5, line, bytes, 4, 4 + length) == careful, line)
    }
  }

  private val plainFields = Seq(
    Seq("\"s3://b/k/1.jpg\"", "\"obs://b/图 1.jpg\"", "\"content://a b\"", "\"/d//x.wav\"", "\"file:/x\"",
      "\"./r.jpg\"", "\"ftp://x\"", "\"S3://b/x\"", "\"s3://\"", "\"https://h/x?a=1\"", "\" \"").map("source" -> _),
    Seq("\"0162005993f8065ef47eefb59d1e4970\"", "\" \"", "\"\"", "7", "\"\u0080\"",
      "\"" + "x" * 256 + "\"", "\"" + "x" * 257 + "\"").map("id" -> _),
    Seq("\"TRAIN\"", "\"eval\"", "\" test \"", "\"x\"", "null", "\"INFERENCE\"").map("usage" -> _),
    Seq("true", "false", "\"True\"", "\" FALSE\"", "\"falſe\"", "\"no\"", "tru", "truex", "1").map("hard" -> _),
    numbers.map("hard-coefficient" -> _),
    Seq("\"/r\"", "\"r.txt\"", "\"obs://b/r\"", "[]").map("inference-loc" -> _),
    Seq("0", "1", "2", "4", "6", "3", "00", "1.0", "0.5", "\"0\"", "4294967296").map("sample-type" -> _),
    properties.map("property" -> _))

  private lazy val numbers = Seq("0", "1", "0.80", "0.123456789012345", "0.1234567890123456", "1.0",
    "1.1", "01", "0.", ".5", "-0", "-1", "1e0", "2", "\"0.5\"", "null", "0.3 ", "1.00000000000001",
    "0.7999999999999", "100", "0x1")

  private lazy val properties = Seq("{}", "{ }", "{\"a\":1}", "{\"a\" : \"b\" , \"c\":true}",
    "{\"color\":\"white\",\"kind\":\"Persian cat\"}", "{\"a\":1,\"a\":2}", "{\"\":\"\"}",
    "{\"a\":null}", "{\"a\":[1]}", "{\"a\":{}}", "{\"a\":1.50,\"b\":0.0,\"c\":12345678901234}",
    "{\"a\":1234567890123456789}", "{\"a\":-1}", "\"{}\"", "\"\"", "null", "[]", "{\"a\":01}",
    "{\"@modelarts:parent_duration\":8,\"@modelarts:time_in_video\":1.473722}",
    "{\"@modelarts:start_index\":0,\"@modelarts:end_index\":14}",
    "{\"@modelarts:start_index\":3,\"@modelarts:end_index\":2}",
    "{\"@modelarts:start_index\":0,\"@modelarts:end_index\":3000000000}",
    "{\"@modelarts:end_index\":\"5\",\"x\":1,\"@modelarts:start_index\":0}",
    "{\"x\":\"y\",\"@modelarts:from\":\"E1\",\"@modelarts:to\":\"E2\",\"z\":1}",
    "{\"@modelarts:from\":\"E1\"}", "{\"@modelarts:from\":\" \",\"@modelarts:to\":\"E2\"}",
    "{\"@modelarts:content\":\"Today.\"}", "{\"@modelarts:content\":\"\"}", "{\"@modelarts:content\":1}",
    "{\"@modelarts:start_time\":\"00:01:10.123\",\"@modelarts:end_time\":\"00:01:15.456\"," +
      "\"@modelarts:source\":\"Tom\",\"@modelarts:content\":\"How?\",\"more\":false}",
    "{\"@modelarts:start_time\":\"00:01:10\",\"@modelarts:end_time\":\"0:0:1\"}",
    "{\"@modelarts:start_time\":\"1\",\"@modelarts:end_time\":\"2\"}",
    "{\"@modelarts:start_time\":\"0:0:1\",\"@modelarts:end_time\":\"0:0:2\",\"@modelarts:source\":\"\"}")

  private val annotationFields = Seq(
    Seq("image_classification", "modelarts/image_classification", "modelarts/object_detection",
      "text_classification", "modelarts/image_segmentation", "modelarts/text_entity",
      "modelarts/text_triplet", "audio_content", "modelarts/audio_segmentation",
      "sound_classification", "unknown", "").map(t => "type" -> s"\"$t\""),
    Seq("\"cat\"", "\"猫\"", "\" a \"", "\" \"", "\"\"", "7", "\"" + "n" * 129 + "\"", "\"a\u0085b\"",
      "\"q\\\"q\"", "\"tab\t\"").map("name" -> _),
    Seq("\"E1\"", "\"R1\"", "1", "\"\"").map("id" -> _),
    properties.map("property" -> _),
    Seq("true", "\"true\"", "\"False\"", "null").map("hard" -> _),
    numbers.map("hard-coefficient" -> _),
    Seq("\"human\"", "\"human/user/user\"", "\"\"", "1").map("annotated-by" -> _),
    Seq("\"2019-01-23 11:30:30\"", "\"2020-02-29 00:00:00\"", "\"2019-02-29 00:00:00\"",
      "\"2019-01-23T11:30:30\"", "\"2019-01-23 24:00:00\"", "\"2019-01-23 11:30:60\"",
      "\"0000-01-01 00:00:00\"", "\"2019-1-23 11:30:30\"", "\"2019-01-23 11:30:3x\"", "\"yesterday\"",
      "1548214230000", "\"2019-01-23 11:30:30.5\"", "\" 019-01-23 11:30:30\"").map("creation-time" -> _),
    numbers.map("confidence" -> _),
    Seq("\"s3://b/x.xml\"", "\"voc/x.xml\"", "\"../x.xml\"", "\"\"").map("annotation-loc" -> _),
    Seq("\"PASCAL VOC\"", "\"pascal voc\"", "\"COCO\"", "\"\"").map("annotation-format" -> _))

  /** Fields in any order, mostly with their first and plainest value. */
  private def obj(fields: Seq[Seq[(String, String)]], more: Gen[Seq[String]]): Gen[String] = for {
    odd <- Gen.frequency(12 -> 0, 3 -> 1, 1 -> 4)
    picked <- Gen.someOf(fields.tail)
    values <- Gen.sequence[List[(String, String)], (String, String)]((fields.head +: picked.toSeq)
      .map(values => Gen.frequency(8 -> Gen.const(values.head), odd -> Gen.oneOf(values))))
    extra <- more
    space <- Gen.frequency(8 -> "", 2 -> " ", 1 -> "\t", 1 -> "\r")
    order <- Gen.long
  } yield {
    val texts = values.map { case (key, value) => s"\"$key\":$space$value" } ++ extra
    new Random(order).shuffle(texts).mkString(s"{$space", s"$space,$space", s"$space}")
  }

  private val oddities: Gen[Seq[String]] = Gen.frequency(
    12 -> Gen.const(Seq.empty[String]),
    1 -> Gen.oneOf("\"x\":1", "\"annotated_by\":\"x\"", "\"source\":\"/x\"", "\"type\":\"text_entity\"",
      "\"source-type\":\"CarbonData\"", "\"usa\\u0067e\":\"TRAIN\"", "\"\":0", "\"hard\":true",
      "oops", "\"id\"", "\"result\":\"OK\"").map(Seq(_)))

  private val annotations: Gen[Seq[String]] =
    Gen.choose(0, 3).flatMap(Gen.listOfN(_, obj(annotationFields, oddities)))

  private val lines: Gen[String] = for {
    annotations <- annotations
    kept <- Gen.oneOf(true, false)
    others <- oddities
    line <- obj(plainFields, Gen.const(
      if (kept || annotations.nonEmpty) annotations.mkString("\"annotation\":[", ",", "]") +: others
      else others))
    end <- Gen.frequency(20 -> "", 2 -> " ", 1 -> ",", 1 -> "}", 1 -> " {}", 1 -> "\r")
  } yield line + end

  private val spice = "\"{}[]:,\\ \t0.e-tfn\u0000é\ufffd"

  private def mutated(line: String, random: Random): String = {
    val at = random.nextInt(line.length + 1)
    val to = math.min(line.length, at + random.nextInt(12))
    random.nextInt(5) match {
      case 0 => line.take(at) + line.drop(to)
      case 1 => line.take(at) + line.slice(at, to) + line.drop(at)
      case 2 => line.take(at)
      case 3 => line.take(at) + spice(random.nextInt(spice.length)) + line.drop(at)
      case _ => line.take(at) + random.nextPrintableChar() + line.drop(math.min(line.length, at + 1))
    }
  }

  private def examples[T](gen: Gen[T], count: Int): Iterator[T] =
    Iterator.iterate(Seed(20261124L))(_.next)
      .flatMap(s => gen(Gen.Parameters.default.withSize(20), s)).take(count)

  test("DS-5 fast path law - 30,000 lines in and around ModelArts' spelling - are read as carefully") {
    var plain = 0
    examples(lines, 30000).foreach { line =>
      assertSame(line)
      if (isPlain(line)) plain += 1
    }
    info(s"$plain of 30000 took the fast path")
    assert(plain > 4000 && plain < 25000)
  }

  test("DS-5 fast path law - broken and mutated lines - are read, or rejected in the same words") {
    val random = new Random(20261124L)
    examples(lines, 20000).foreach(line => assertSame(mutated(line, random)))
    val own = examples(Samples.samples, 2000).map(new ManifestCodec().encode(_))
    own.foreach { line => assertSame(line); assertSame(mutated(line, random)) }
  }

  test("DS-5 fast path law - lines in any spelling of the field - are read as carefully") {
    forAll(ManifestLines.lines, minSuccessful(2000))(assertSame(_))
  }

  test("DS-5 fast path - the guide's samples - take it, each type of annotation") {
    val by = "\"annotated-by\":\"human\",\"creation-time\":\"2019-01-23 11:30:30\""
    Seq(
      s"""{"source": "s3://path/to/image1.jpg", "usage": "TRAIN", "hard": "true", "hard-coefficient": 0.8,
        "id": "0162005993f8065ef47eefb59d1e4970", "annotation": [{"type": "modelarts/image_classification",
        "name": "cat", "property": {"color": "white", "kind": "Persian cat"}, "hard": "true",
        "hard-coefficient": 0.8, $by}], "inference-loc": "/path/to/inference-output"}""",
      s"""{"annotation":[{"annotation-format":"PASCAL VOC","type":"modelarts/image_segmentation",
        "annotation-loc":"s3://path/image1.xml",$by}],"usage":"train","source":"s3://path/to/image1.jpg",
        "id":"16d196c19bf61994d7deccafa435398c","sample-type":0}""",
      s"""{"source":"content://I like this product ","id":"XGDVGS","annotation":[
        {"type":"modelarts/text_classification","name":" positive",$by}]}""",
      s"""{"source":"content://Michael Jordan","usage":"TRAIN","annotation":[{"type":"modelarts/text_entity",
        "name":"Person","id":"E1","property":{"@modelarts:start_index":0,"@modelarts:end_index":14},$by},
        {"type":"modelarts/text_triplet","name":"Author","id":"R1","property":{"@modelarts:from":"E1",
        "@modelarts:to":"E2"},$by}]}""",
      s"""{"source":"s3://a/audio1.wav","annotation":[{"type":"modelarts/audio_content",
        "property":{"@modelarts:content":"Today is a good day."},$by}]}""",
      s"""{"source":"s3://a/audio1.wav","annotation":[{"type":"modelarts/audio_segmentation",
        "property":{"@modelarts:start_time":"00:01:10.123","@modelarts:end_time":"00:01:15.456",
        "@modelarts:source":"Tom","@modelarts:content":"How are you?"},$by}]}""",
      """{"source":"obs://test/data/1.jpg"}""").map(_.replaceAll("\n *", "")).foreach { line =>
      assert(isPlain(line), line)
      assertSame(line)
    }
  }

  test("DS-5 fast path - real manifests - are read as carefully") {
    val manifests = Using.resource(Files.walk(sharedData("")))(
      _.iterator.asScala.filter(_.toString.endsWith(".manifest")).toVector)
    assert(manifests.nonEmpty)
    manifests.foreach(Files.readAllLines(_).forEach(assertSame(_)))
  }

  test("DS-5 replacement characters - of the line itself, and for broken bytes - are told apart") {
    def read(bytes: Array[Byte]): ParsedLine = Using.resource(new ManifestReader(
      new ByteArrayInputStream(bytes), new ManifestCodec, Limits.DEFAULT))(_.next)
    val line = "{\"source\":\"/\ufffd.jpg\"}"
    assert(read(line.getBytes(UTF_8)).asInstanceOf[Accepted].sample.source.value == "/\ufffd.jpg")
    val broken = line.getBytes(UTF_8).map(b => if (b == 0xbf.toByte) 'x'.toByte else b)
    val rejected = read(broken).asInstanceOf[Rejected]
    assert(rejected.fault == ManifestFault.BROKEN_TEXT && rejected.column == 13)
  }

  test("fast path - one codec, four threads, lines of ever new texts - mixes nothing up") {
    val codec = new ManifestCodec
    def line(label: Int) = s"""{"source":"s3://b/$label.jpg","annotation":[
      {"type":"image_classification","name":"label $label","property":{"key $label":"value $label"}}]}"""
      .replaceAll("\n *", "")
    val pool = Executors.newFixedThreadPool(4)
    try {
      val tasks = (0 until 4).map { thread =>
        (() => {
          val random = new Random(thread)
          (1 to 50000).forall { _ =>
            val label = random.nextInt(5000)
            val sample = codec.decode(1, line(label)).asInstanceOf[Accepted].sample
            val info = sample.annotations.get(0).info
            sample.labels.first.value == s"label $label" &&
              info.properties.values == java.util.Map.of(s"key $label", s"value $label")
          }
        }): Callable[Boolean]
      }
      assert(pool.invokeAll(tasks.asJava).asScala.forall(_.get))
    } finally pool.shutdown()
  }
}
