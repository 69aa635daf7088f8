package io.millrace.dataset.filter

import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{Table, forAll}

class SelectionErrorsSuite extends AnyFunSuite {
  private def failure(expression: String): InvalidSelectionException =
    intercept[InvalidSelectionException](SampleFilter.parse(expression))

  test("ANA-5 errors - an unknown field - the message shows the place and the nearest name") {
    assert(failure("hard and widht < 3").getMessage.linesIterator.toSeq.map(_.stripTrailing) == Seq(
      "Invalid selection: unknown field 'widht' (did you mean width?) (expected one of id, source," +
        " directory, file-name, kind, usage, size, created-at, hard, hard-coefficient, labelled," +
        " unlabelled, label, type, annotated-by, confidence, width, height, channels, seconds," +
        " sample-rate, property.NAME, metric.NAME)",
      "  hard and widht < 3",
      "           ^^^^^"
    ))
  }

  test("ANA-5 errors - each fault - is found when parsed, at its character, with what was expected") {
    forAll(Table(
      ("expression", "position", "fault"),
      ("", 0, "it is empty (expected a condition such as"),
      ("  \t\n ", 0, "it is empty"),
      ("width = 'x'", 8, "width cannot be compared with 'x' (expected a number)"),
      ("width = 3px", 8, "width has no unit"),
      ("size > 3XB", 7, "unknown unit 'XB' (expected B, KB, MB, GB, TB"),
      ("usage = BLUE", 8, "usage is never 'BLUE' (expected one of TRAIN, EVAL, TEST, INFERENCE)"),
      ("usage = TRIAN", 8, "(did you mean TRAIN?)"),
      ("usage < TRAIN", 6, "usage has no order (expected = or != or in)"),
      ("usage like 'T%'", 11, "usage is no text"),
      ("hard > true", 5, "hard has no order"),
      ("hard = 1", 7, "hard cannot be compared with '1' (expected true or false)"),
      ("label = cat", 8, "label cannot be compared with 'cat' (expected a text in single quotes: 'cat')"),
      ("label = \"cat\"", 8, "unexpected '\"cat\"' (expected a literal such as 'text' or 12)"),
      ("label like 3", 11, "a pattern in single quotes"),
      ("label like 'a\\b'", 11, "the pattern has a \\ before an ordinary character"),
      ("created-at > 'yesterday'", 13, "'yesterday' is no date and no time"),
      ("created-at > '2026-02-30'", 13, "is no date and no time"),
      ("created-at > '0000-01-01T00:00+18:00'", 13, "is no date and no time"),
      ("width between 5 and 3", 0, ""),
      ("property.a between 'a' and 3", 0, ""),
      ("width = 1e999", 8, "the number is too large"),
      ("property = 'x'", 0, "property of which name (expected such as property.weather = 'rain'"),
      ("label.x = 'x'", 0, "label has no parts"),
      ("label", 0, "label alone is neither true nor false"),
      ("metric.x", 0, "metric.x alone is neither true nor false"),
      ("label = 'cat", 8, "this text is not closed"),
      ("property.\"a", 9, "this name is not closed"),
      ("hard and", 8, "it ends too early (expected a field"),
      ("(hard", 5, "it ends too early"),
      ("hard)", 4, "unexpected ')'"),
      ("width ~ 3", 6, "unexpected '~' (expected a comparison such as = or in"),
      ("(hard or width ~ 3)", 15, "unexpected '~' (expected a comparison such as = or in"),
      ("usage = TRAIN ~", 14, "unexpected '~' (expected 'and', 'or' or the end)"),
      ("usage in (TRAIN ~", 16, "unexpected '~' (expected ')' or a comma)"),
      ("width = ", 8, "it ends too early (expected a literal"),
      ("label in 'a'", 9, "unexpected 'a' (expected '(')"),
      ("label in ('a' 'b')", 14, "(expected ')' or a comma)"),
      ("label is 'a'", 9, "(expected 'not' or 'null')"),
      ("红 = 1", 0, "unknown field '红'"),
      ("label = '😀' and x = 1", 16, "unknown field 'x'"),
      ("label = '\ud83d'", 9, "half of a surrogate pair")
    )) { (expression, position, fault) =>
      val thrown = failure(expression)
      assert(thrown.getMessage.contains(fault), thrown.getMessage)
      assert(thrown.getMessage.startsWith("Invalid selection: "), thrown.getMessage)
      if (fault.nonEmpty) assert(thrown.position == position, thrown.getMessage)
    }
  }

  test("ANA-5 errors - a range that holds nothing or mixes types - is refused") {
    assert(failure("width between 5 and 3").getMessage.contains("no value is between these"))
    assert(failure("property.a between 'a' and 3").getMessage.contains("different types"))
    SampleFilter.parse("created-at between '2026-01-31 10:00' and '2026-01-31'")
  }

  test("ANA-5 errors - a long expression - only the surroundings of the fault are shown") {
    val thrown = failure("hard and " * 300 + "nowhere = 1" + " and hard" * 300)
    val lines = thrown.getMessage.linesIterator.toSeq
    assert(lines(1).length < 150 && lines(1).startsWith("  ...") && lines(1).endsWith("..."))
    assert(lines(1).slice(lines(2).indexOf('^'), lines(2).length) == "nowhere")
    assert(thrown.position == 2700)
  }

  test("ANA-5 errors - 10,000 parentheses or nots - end in a sentence, with little stack") {
    forAll(Table(
      "expression",
      "(" * 10000 + "hard" + ")" * 10000,
      "(" * 10000,
      "not " * 10000 + "hard",
      "not (" * 5000 + "hard" + ")" * 5000
    )) { expression =>
      var thrown: Option[Throwable] = None
      val small = new Thread(null, () => thrown = Some(failure(expression)), "small", 256 * 1024)
      small.start()
      small.join()
      assert(thrown.exists(_.getMessage.contains("more than 200 parentheses and 'not'")))
    }
    assert(failure(")" * 10000).getMessage.contains("unexpected ')'"))
    SampleFilter.parse("(" * 200 + "hard" + ")" * 200)
    SampleFilter.parse(Seq.fill(5000)("not hard").mkString(" or "))
    assert(failure("hard or " * 20000).getMessage.contains("160000 characters"))
  }

  test("ANA-5 fuzz - 100,000 random and mutated texts - parse or end in the filter's own error") {
    val random = new Random(20261122L)
    val pieces = IndexedSeq("(", ")", "and", "or", "not", "in", "like", "between", "is", "null", "'",
      "\"", "''", "label", "width", "usage", "property", ".", "metric", "=", "!=", "<", ">=", "'a'",
      "12", "-3.5e2", "1e", "25MB", "TRAIN", "true", ",", "\\", "%", "'2026-01-31'", "created-at",
      "\u0000", "红", "😀", "\ud800", "\udc00x", "\u2028", "\ufeff", "\n", "- -", "--", "/*", "#", "`",
      "size", "hard", "kind", "9" * 400, "x" * 300)
    var accepted = 0
    (1 to 100000).foreach { i =>
      val text =
        if (i % 10 == 0) Seq.fill(random.nextInt(30))(random.nextInt(0x10000).toChar).mkString
        else
          Seq.fill(random.nextInt(12))(pieces(random.nextInt(pieces.length)))
            .mkString(if (i % 2 == 0) " " else "")
      try {
        val filter = SampleFilter.parse(text)
        assert(SampleFilter.parse(filter.toString) == filter)
        accepted += 1
      } catch {
        case e: InvalidSelectionException =>
          assert(e.getMessage.nonEmpty && e.position >= 0 && e.position <= text.length)
      }
    }
    assert(accepted > 100, accepted)
  }
}
