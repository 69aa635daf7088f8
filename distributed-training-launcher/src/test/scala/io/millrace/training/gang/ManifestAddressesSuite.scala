package io.millrace.training.gang

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class ManifestAddressesSuite extends AnyFunSuite {

  test("TRN-1 addresses of a manifest's line - replaced - leave every other character alone") {
    val cases = Table(
      ("line", "expected"),
      ("""{"source":"a"}""", """{"source":"<a>"}"""),
      ("""  { "source" :"a" , "x":{"source":"a"} }  """, """  { "source" :"<a>" , "x":{"source":"a"} }  """),
      ("""{"¬u0073ource":"¬u0061","id":"¬u0061"}""", """{"¬u0073ource":"<a>","id":"¬u0061"}"""),
      ("""{"source":17}""", """{"source":"<17>"}"""),
      ("""{"source":null}""", """{"source":null}"""),
      (
        """{"annotation":[{"annotation-loc":"b","property":{"annotation-loc":"b"}},{"n":1},{"annotation-loc":"c"}],"source":"a"}""",
        """{"annotation":[{"annotation-loc":"<b>","property":{"annotation-loc":"b"}},{"n":1},{"annotation-loc":"<c>"}],"source":"<a>"}"""
      ),
      ("""{"x":[{"annotation-loc":"b"}],"y":{"annotation":[{"annotation-loc":"b"}]}}""",
        """{"x":[{"annotation-loc":"b"}],"y":{"annotation":[{"annotation-loc":"b"}]}}"""),
      ("""{"n":1.0E+2,"source":"a","m":1e400,"t":"äöü¬ud83d¬ude00 \/"}""",
        """{"n":1.0E+2,"source":"<a>","m":1e400,"t":"äöü¬ud83d¬ude00 \/"}""")
    )
    // Scala would read an escape in a text itself.
    def escaped(text: String): String = text.replace('¬', '\\')
    forAll(cases) { (line, expected) =>
      assert(ManifestAddresses.replaced(escaped(line), text => s"<$text>") === escaped(expected))
    }
  }

  test("TRN-1 addresses of a manifest's line - with quotes, or longer than a buffer - are written as JSON") {
    assert(ManifestAddresses.replaced("""{"source":"a"}""", _ => "q\"\\\n") === """{"source":"q\"\\\n"}""")
    val long = "x" * 100000
    assert(
      ManifestAddresses.replaced(s"""{"t":"$long","source":"$long","u":"$long"}""", _ => "s") ===
        s"""{"t":"$long","source":"s","u":"$long"}"""
    )
  }
}
