package io.millrace.dataset.filter

import org.scalacheck.Gen

/** The texts of selections, so made that generated samples often pass them. */
object GeneratedFilters {
  private val word: Gen[String] = Gen.oneOf("la", "l", "a", "rain", "it's", "红", "😀", "", "l%", "0")

  private val text: Gen[String] =
    Gen.oneOf(word, word.map(_ + "b")).map(w => "'" + w.replace("'", "''") + "'")

  private val pattern: Gen[String] = Gen
    .listOfN(3, Gen.oneOf("%", "_", "a", "l", "%0", "\\%", "\\_", "\\\\", "b", "😀", "/", "data"))
    .map(parts => "'" + parts.mkString + "'")

  private val number: Gen[String] = Gen.oneOf("0", "1", "-1", "0.25", "0.5", "4096", "1.25", "1e3")

  private val time: Gen[String] = Gen.oneOf("'1970-01-01'", "'2026-01-31'", "'1999-12-31 23:59'",
    "'2015-06-01T00:00:00.25+08:00'", "'2060-02-29 00:00:01'", "'1940-01-01T10:00Z'")

  private val textField: Gen[String] = Gen.oneOf("label", "LABEL", "annotated-by", "Annotated_By",
    "file-name", "directory", "source", "id")

  private val numberField: Gen[String] = Gen.oneOf("width", "HEIGHT", "channels", "seconds",
    "sample-rate", "sample_rate", "hard-coefficient", "confidence", "metric.box_count",
    "metric.Brightness")

  private val property: Gen[String] =
    Gen.oneOf("property.a", "attribute.b", "property.\"X Y\"", "property.\"in\"", "property.\"0\"")

  private val usage: Gen[String] = Gen.oneOf("TRAIN", "eval", "'Test'", "inference")

  private val kind: Gen[String] = Gen.oneOf("IMAGE", "audio", "'text'", "free")

  private val kindOfLabel: Gen[String] =
    Gen.oneOf("object-detection", "TEXT_TRIPLE", "'speech_content'", "image_classification")

  private def ordered(field: Gen[String], value: Gen[String]): Gen[String] = Gen.oneOf(
    comparison(field, Gen.oneOf("=", "!=", "<", "<=", ">", ">=", "==", "<>"), value),
    membership(field, value),
    absence(field)
  )

  private def comparison(field: Gen[String], operator: Gen[String], value: Gen[String]) =
    Gen.zip(field, operator, value).map { case (f, o, v) => s"$f $o $v" }

  private def membership(field: Gen[String], value: Gen[String]): Gen[String] =
    Gen.zip(field, Gen.oneOf("in", "not in", "IN"), Gen.choose(1, 3).flatMap(Gen.listOfN(_, value)))
      .map { case (f, o, values) => s"$f $o (${values.mkString(", ")})" }

  private def absence(field: Gen[String]): Gen[String] =
    Gen.zip(field, Gen.oneOf("is null", "is not null")).map { case (f, o) => s"$f $o" }

  private def like(field: Gen[String]): Gen[String] =
    Gen.zip(field, Gen.oneOf("like", "not like"), pattern).map { case (f, o, p) => s"$f $o $p" }

  private def symbol(field: Gen[String], value: Gen[String]): Gen[String] = Gen.oneOf(
    comparison(field, Gen.oneOf("=", "!="), value),
    membership(field, value),
    absence(field)
  )

  private val range: Gen[String] = Gen.oneOf(
    Gen.zip(numberField, Gen.oneOf("0", "0.25", "-1"), Gen.oneOf("0.5", "1", "5000"))
      .map { case (f, a, b) => s"$f between $a and $b" },
    Gen.const("created-at between '1970-01-01' and '2030-12-31'"),
    Gen.const("created-at not between '1990-01-01 10:00' and '2000-12-31'"),
    Gen.const("label between 'l' and 'lb'"),
    Gen.const("property.a between 0 and 1000000")
  )

  private val size: Gen[String] =
    comparison(Gen.const("size"), Gen.oneOf("<", ">="), Gen.oneOf("1EB".replace("E", "T"), "5e18",
      "8000000TB", "1.5GiB", "0"))

  private val flag: Gen[String] =
    Gen.oneOf("hard", "labelled", "unlabelled", "hard = false", "labelled != true", "true", "false",
      "property.a", "property.b = TRUE")

  val condition: Gen[String] = Gen.oneOf(
    ordered(textField, text),
    like(textField),
    ordered(numberField, number),
    ordered(Gen.const("created-at"), time),
    range,
    size,
    symbol(Gen.const("usage"), usage),
    symbol(Gen.const("kind"), kind),
    symbol(Gen.const("type"), kindOfLabel),
    ordered(property, Gen.oneOf(text, number)),
    like(property),
    flag
  )

  def expression(depth: Int): Gen[String] =
    if (depth == 0) condition
    else
      Gen.frequency(
        2 -> condition,
        2 -> joined(" and ", depth),
        2 -> joined(" or ", depth),
        1 -> Gen.lzy(expression(depth - 1)).map(part => s"not ($part)"),
        1 -> Gen.lzy(expression(depth - 1)).map(part => s"NOT NOT $part"),
        1 -> Gen.lzy(expression(depth - 1)).map(part => s"( $part )")
      )

  private def joined(operator: String, depth: Int): Gen[String] =
    Gen.choose(2, 3).flatMap(Gen.listOfN(_, Gen.lzy(expression(depth - 1))))
      .map(_.mkString(operator))
}
