package io.millrace.dataset.manifest

import org.scalacheck.Gen

import io.millrace.dataset.Samples

/** Acceptable manifest lines in all the spellings of the field. */
object ManifestLines {
  private def spelled(key: String): Gen[String] = Gen.oneOf(key, key.replace('-', '_'))

  private val booleans = Gen.oneOf("true", "false", "\"true\"", "\"True\"", "\"FALSE\"", "null")
  private val fractions = Gen.oneOf("0", "1", "0.80", "\"0.5\"", "1e-3", "\"1E-3\"", "null")
  private val usages = Gen.oneOf("\"TRAIN\"", "\"train\"", "\"Eval\"", "\"\"", "null")
  private val properties = Samples.properties.flatMap { value =>
    val json = PropertiesJson.write(value)
    Gen.oneOf(json, quoted(json), "null", "\"\"")
  }
  private val unknown = Gen.oneOf("1.500", "-0", "[]", "{\"a\":[null,true,1e400]}", "\"\\u0041\"",
    "123456789012345678901234567890", "\"\\/\"", "null")

  def quoted(text: String): String = {
    val escaped = text.flatMap {
      case '"' => "\\\""
      case '\\' => "\\\\"
      case c if c < ' ' => f"\\u${c.toInt}%04x"
      case c => c.toString
    }
    "\"" + escaped + "\""
  }

  private def field(key: String, values: Gen[String]): Gen[String] =
    for { spelling <- spelled(key); value <- values } yield s"${quoted(spelling)}:$value"

  private val common = Seq(field("hard", booleans), field("hard-coefficient", fractions),
    field("property", properties), field("x-unknown", unknown), field("键 [1]", unknown))

  private def obj(required: Seq[Gen[String]], optional: Seq[Gen[String]]): Gen[String] = for {
    must <- Gen.sequence[List[String], String](required)
    may <- Gen.someOf(optional).flatMap(Gen.sequence[List[String], String](_))
    space <- Gen.oneOf("", " ", "\t")
    order <- Gen.long
  } yield {
    val fields = new scala.util.Random(order).shuffle(must ++ may)
    fields.mkString(s"{$space", s",$space", s"$space}")
  }

  private val annotations: Gen[String] = {
    val facts = common ++ Seq(
      field("annotated-by", Gen.oneOf("\"human\"", "\"human/user/user\"")),
      field("creation-time", Gen.oneOf("\"2019-01-23 11:30:30\"", "1548214230000", "\"yesterday\"")),
      field("confidence", fractions))
    val types = Gen.oneOf("image_classification", "modelarts/sound_classification",
      "modelarts/text_classification").map(quoted)
    Gen.oneOf(
      obj(Seq(field("type", types), field("name", Gen.oneOf("\"猫\"", "\"7\"", "7"))), facts),
      obj(Seq(field("type", Gen.const("\"object_detection\"")),
        field("annotation-loc", Gen.const("\"s3://b/x.xml\""))),
        facts :+ field("annotation-format", Gen.const("\"PASCAL VOC\""))))
  }

  val lines: Gen[String] = obj(
    Seq(field("source", Gen.oneOf(
      Samples.texts.map(text => quoted("content://" + text)),
      Gen.const("\"s3:\\/\\/b\\/图 1%.jpg\"")))),
    common ++ Seq(
      field("id", Gen.oneOf("\"i1\"", "42", "\"\"")),
      field("usage", usages),
      field("inference-loc", Gen.const("\"/r\"")),
      field("sample-type", Gen.oneOf("0", "\"1\"")),
      field("annotation", Gen.choose(0, 3).flatMap(Gen.listOfN(_, annotations))
        .map(_.mkString("[", ",", "]")))))
}
