package io.millrace.analysis.report

import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.{Files, Path}
import java.util.concurrent.TimeUnit

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.analysis.{AnalysisReport, ReportFixtures}

/** Opens the page in a real browser, where there is one. */
class HtmlReportSuite extends AnyFunSuite {
  private lazy val directory = Files.createTempDirectory("millrace-report-")

  test("ANA-3 page - of a detection - names nothing outside of itself") {
    val html = page(ReportFixtures.detection(1, 40))
    val ours = html.substring(0, html.indexOf("<script type=\"text/plain\""))
    assert(!ours.contains("http://") && !ours.contains("https://"))
    assert("(src|href)=\"(?!data:|#)".r.findFirstIn(ours).isEmpty)
    assert(html.contains("default-src 'none'"))
    assert(html.length < 1500000)
  }

  test("ANA-3 page - labels with markup and quotes - stay data") {
    val html = page(ReportFixtures.detection(1, 60))
    assert(!html.contains(ReportFixtures.nastyLabel))
    assert(html.contains("\\u003c/script\\u003e"))
  }

  test("ANA-3 page in a browser - of a detection - draws 14 histograms and the labels") {
    val dom = rendered(page(ReportFixtures.detection(1, 120)), "lang=en")
    assert(dom.contains("data-charts=\"15\""))
    assert("data-metric=\"[a-z_]+\"".r.findAllIn(dom).toSet.size == 14)
    val bars = "data-bars=\"(\\d+)\"".r.findAllMatchIn(dom).map(_.group(1).toInt).toSeq
    assert(bars.size == 14 && bars.forall(_ >= 1))
    assert(dom.contains("cells @ V001"))
    assert(dom.contains("Boxes per image"))
    assert(dom.contains("file is cut off"))
    assert(dom.contains("data:image/jpeg;base64,"))
    assert(dom.contains("&lt;/script&gt;"))
    val drawn = dom.substring(dom.indexOf("<div id=\"page\">"), dom.indexOf("id=\"announcer\""))
    assert(!drawn.contains("[object ") && !drawn.contains("undefined") && !drawn.contains("NaN"))
  }

  test("ANA-3 page in a browser - the part eval - counts its images only") {
    val report = ReportFixtures.detection(1, 120)
    val dom = rendered(page(report), "lang=en&view=eval")
    assert("id=\"view-eval\" aria-pressed=\"true\"".r.findFirstIn(dom).isDefined)
    assert("Eval<small>24</small>".r.findFirstIn(dom).isDefined)
  }

  test("ANA-3 page in a browser - two versions, dark, Chinese - are shown so") {
    val dom = rendered(page(ReportFixtures.detection(2, 80)), "lang=zh&theme=dark")
    assert(dom.contains("data-theme=\"dark\""))
    assert(dom.contains("lang=\"zh-CN\""))
    assert(dom.contains("清晰度"))
    assert(dom.contains("id=\"version-1\""))
    assert(dom.contains("data-charts=\"15\""))
  }

  test("ANA-3 page in a browser - light and dark, wide and narrow - can be photographed") {
    val file = written(page(ReportFixtures.detection(2, 150)))
    for ((name, width, fragment) <- Seq(
        ("wide-light", 1440, "theme=light"), ("narrow-dark", 420, "theme=dark"))) {
      val picture = directory.resolve(name + ".png")
      browse(
        s"--screenshot=$picture", s"--window-size=$width,3000", s"${file.toUri}#lang=en&$fragment")
      assert(Files.size(picture) > 20000)
    }
  }

  private def page(report: AnalysisReport): String =
    HtmlReport.render(report, ReportFixtures.thumbnails(report))

  private def rendered(html: String, fragment: String): String = {
    val file = written(html)
    browse("--dump-dom", s"${file.toUri}#$fragment")
  }

  private def written(html: String): Path =
    Files.writeString(Files.createTempFile(directory, "page", ".html"), html)

  /** Runs headless Chromium; fails for anything the page says on its console. */
  private def browse(arguments: String*): String = {
    val browser = Seq("chromium", "chromium-browser", "google-chrome")
      .find(name => sys.env("PATH").split(':').exists(p => Files.isExecutable(Path.of(p, name))))
      .getOrElse(cancel("no Chromium on the PATH: the page was not opened"))
    val (out, err) = (Files.createTempFile(directory, "dom", ""), Files.createTempFile("err", ""))
    val profile = Files.createTempDirectory(directory, "profile")
    val options = Seq(
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
      "--enable-logging=stderr", "--virtual-time-budget=4000", s"--user-data-dir=$profile")
    val process = new ProcessBuilder(((browser +: options) ++ arguments): _*)
      .redirectOutput(out.toFile).redirectError(err.toFile).start()
    if (!process.waitFor(90, TimeUnit.SECONDS)) {
      process.destroyForcibly()
      fail(s"the browser did not end: ${arguments.mkString(" ")}")
    }
    val console = Files.readString(err, UTF_8).linesIterator.filter(_.contains("CONSOLE")).toSeq
    assert(console.isEmpty)
    assert(process.exitValue == 0)
    Files.readString(out, UTF_8)
  }
}
