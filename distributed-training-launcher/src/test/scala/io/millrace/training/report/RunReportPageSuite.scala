package io.millrace.training.report

import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.{Files, Path}
import java.time.Instant
import java.util.concurrent.TimeUnit

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.{DatasetRef, StorageUri}
import io.millrace.training._
import io.millrace.training.metrics.MetricsSamples
import io.millrace.training.resource._
import io.millrace.training.watch.{LogLimits, RunEvent, RunRecord}

/** Opens the page of a run in a real browser, where there is one. */
class RunReportPageSuite extends AnyFunSuite with RunOnDisk {

  private val nasty = "</script><img src=x onerror=alert(1)>&\"'{{data}}"

  test("TRN-10 page of a run - names nothing outside of itself, and texts with markup stay data") {
    val html = page(failedRun)
    val ours = html.substring(0, html.indexOf("<script type=\"text/plain\""))
    assert(!ours.contains("http://") && !ours.contains("https://"))
    assert("(src|href)=\"(?!data:|#)".r.findFirstIn(ours).isEmpty)
    assert(html.contains("default-src 'none'"))
    assert(!html.contains(nasty) && !html.contains("<img") && html.contains("\\u003c/script\\u003e\\u003cimg"))
    assert(html.length < 600000)
  }

  test("TRN-10 page in a browser - of a run with everything - draws all charts and says all texts") {
    val dom = rendered(page(failedRun), "theme=light")
    val shown = dom.substring(dom.indexOf("<div id=\"page\">"), dom.indexOf("<noscript>"))
    // two line charts and a histogram; worker-0, worker-1, gpu 0, machine
    assert(dom.contains("data-charts=\"7\""), "charts")
    assert("data-metric=\"[^\"]+\"".r.findAllIn(shown).size === 3)
    assert("data-place=\"[^\"]+\"".r.findAllIn(shown).toSeq ===
      Seq("worker-0 on n1", "worker-1 on n1", "gpu 0 on n1", "n1").map(place => s"""data-place="$place""""))
    assert("data-table=\"[^\"]+\"".r.findAllIn(shown).size === 2)
    for (text <- Seq(
        "Failed", "Experiment sizes", "1 min 30 s", "2 processes, 1 device a node", "Exit code", "of rank 1 (worker-1, device 0)",
        "Rank 1 was killed.", "Likely cause: CUDA out of memory", "Low utilisation: ", "Cannot read some of the metrics",
        "pets@V001", "--epochs --note --data_url --train_url --init_method --world_size --rank", "GREETING",
        "Training ended, exit code 137", "accuracy", "confusion_matrix", "dandelion", "maxResTine", "gpuUtil")) {
      assert(shown.contains(text), text)
    }
    assert(shown.contains("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;"))
    assert("Likely cause: CUDA out of memory".r.findAllIn(shown.substring(0, shown.indexOf("id=\"metrics\""))).size === 1,
      "the diagnosis once, though the message has it too")
    for (word <- Seq("[object ", "undefined", "NaN", "Infinity")) assert(!shown.contains(word), word)
  }

  test("TRN-10 page in a browser - of a run that has nothing yet - says so") {
    script("print()")
    val run = written(job(1).build(), status => status.withState(RunState.WAITING))
    val dom = rendered(page(run), "theme=dark")
    assert(dom.contains("data-theme=\"dark\"") && dom.contains("data-charts=\"0\""))
    for (text <- Seq("Waiting", "not started", "None: the script wrote no metrics.json into an output.",
        "None was sampled while the run lived.")) {
      assert(dom.contains(text), text)
    }
    assert(!dom.substring(dom.indexOf("<div id=\"page\">"), dom.indexOf("<noscript>")).contains("undefined"))
  }

  test("TRN-10 page in a browser - wide and light, narrow and dark - can be photographed") {
    val file = written(page(failedRun))
    for ((name, width, fragment) <- Seq(
        ("wide-light", 1440, "theme=light"), ("narrow-dark", 420, "theme=dark"))) {
      val picture = directory.resolve(name + ".png")
      browse(s"--screenshot=$picture", s"--window-size=$width,3000", s"${file.toUri}#$fragment")
      assert(Files.size(picture) > 20000)
    }
  }

  test("TRN-10 page in a browser - of a run on many machines - has a table of all, and draws the first ones") {
    def hosts(count: Int): RunRecord = {
      script("print()")
      val run = written(job(count).build(), status => status.running(noon).completed(noon.plusSeconds(90)))
      val log = new UtilisationLog(run.directory.utilisationFile, LogLimits.DEFAULT)
      UtilisationFixture.write(log, (1 to 60).map { second =>
        UtilisationFixture.look(noon.plusSeconds(second.toLong), (0 until count).map(node =>
          s"n$node" -> UtilisationFixture.machine(50 + 40 * math.sin((second + node) / 9.0), Seq(node), 0 to 1)): _*)
      })
      log.close()
      run
    }
    def headings(dom: String) = "data-host=\"([^\"]+)\"".r.findAllMatchIn(dom).map(_.group(1)).toSeq
    val two = rendered(page(hosts(2)), "theme=light")
    assert(headings(two) === Seq("n0", "n1") && two.contains("data-charts=\"8\""))
    assert("data-place=\"([^\"]+)\"".r.findAllMatchIn(two).map(_.group(1)).toSeq ===
      Seq(0, 1).flatMap(node => Seq(s"worker-$node on n$node", s"gpu 0 on n$node", s"gpu 1 on n$node", s"n$node")))
    val many = page(hosts(40))
    assert(many.length < 1000000)
    val dom = rendered(many, "theme=light")
    assert(headings(dom) === (0 until UtilisationJson.MOST_DRAWN).map("n" + _), "by their first node, not by the alphabet")
    assert(dom.contains("Curves of the first 16 of 40 machines.") && dom.contains("<th scope=\"row\">n39</th>"))
  }

  test("TRN-10 a report - of a run that goes on - warns of no low utilisation yet") {
    val run = failedRun
    assert(RunReport.read(run, noon).lowUtilisation.isPresent)
    val living = new RunRecord(run.directory, run.run, RunStatus.creating(noon).running(noon))
    assert(RunReport.read(living, noon).lowUtilisation.isEmpty)
  }

  test("TRN-10 utilisation of a long run - drawn - has few points, and average and maximum of all looks") {
    val looks = (0 until 5000).map(i => look(noon.plusSeconds(i * 10L), if (i == 777) 100.0 else 40.0)).asJava
    val curves = UtilisationCurves.of(looks, UtilisationSummary.of(looks))
    val curve = curves.get(curves.firstKey).get(0)
    assert(curve.points.size <= UtilisationCurves.MOST_POINTS && curve.points.size > 300)
    assert(curve.row.maximum === 100.0 && curve.row.looks === 5000)
    assert(curve.points.asScala.map(_.percent).max < 100 && curve.points.get(1).seconds === 130.0)
    assert(UtilisationCurves.of(java.util.List.of(), UtilisationSummary.of(java.util.List.of())).isEmpty)
  }

  private def failedRun: RunRecord = {
    script("print()")
    val job = TrainingJob
      .builder("cells", code, "train.py")
      .experiment("sizes")
      .description("Two nodes, " + nasty)
      .input(TrainingInput.ofVersion("data_url", DatasetRef.parse("pets@V001"), StorageUri.of(directory)))
      .output(TrainingOutput.of("train_url", StorageUri.of(out)))
      .parameter("epochs", "10")
      .parameter("note", nasty)
      .environment("GREETING", "hello")
      .nodes(2)
      .build()
    val diagnosis = "Likely cause: CUDA out of memory (worker-1, line 214). The GPU has too little memory.\n  214: torch.OutOfMemoryError"
    val run = written(job, status =>
      status.running(noon).failed(noon.plusSeconds(90), 137, 1, "Rank 1 was killed.").explained(diagnosis))
    val curve = (1 to 60).map(i => 2.0 / i)
    val losses = s"""{"key": "losses", "title": "Loss of training and evaluation", "type": "line chart", "data": {
      "x_axis": [{"title": "step", "value": [${(1 to 60).map(_ * 10).mkString(",")}]}],
      "y_axis": [{"title": "train", "value": [${curve.mkString(",")}]}, {"title": "eval", "value": [${curve.map(_ + 0.1).mkString(",")}]}]}}"""
    val text = MetricsSamples.all.trim.stripSuffix("]") + s", $losses, {}]"
    writeAt(out.resolve("metrics.json"), text, noon.plusSeconds(60))
    eventsAt(run, noon).add(RunEvent.Type.CREATED, "Training job created")
    eventsAt(run, noon.plusSeconds(1)).addOfNode(0, RunEvent.Type.TRAINING_STARTED, "Training started")
    eventsAt(run, noon.plusSeconds(80)).addOfNode(1, RunEvent.Type.TRAINING_ENDED, "Training ended, exit code 137")
    eventsAt(run, noon.plusSeconds(89)).add(RunEvent.Type.DIAGNOSED, diagnosis)
    eventsAt(run, noon.plusSeconds(90)).add(RunEvent.Type.FAILED, "Training job failed: " + nasty)
    val log = new UtilisationLog(run.directory.utilisationFile, LogLimits.DEFAULT)
    UtilisationFixture.write(log, (1 to 60).map(i => look(noon.plusSeconds(i.toLong), 30 + 20 * math.sin(i / 5.0))))
    log.close()
    run
  }

  private def look(time: Instant, percent: Double): UtilisationLook =
    UtilisationFixture.look(time, "n1" -> UtilisationFixture.machine(percent, Seq(0, 1), Seq(0)))

  private def page(run: RunRecord): String =
    RunReportPage.render(RunReport.read(run, noon.plusSeconds(100)))

  private def rendered(html: String, fragment: String): String =
    browse("--dump-dom", s"${written(html).toUri}#$fragment")

  private def written(html: String): Path =
    Files.writeString(Files.createTempFile(directory, "page", ".html"), html)

  /** Runs headless Chromium; fails for anything the page says on its console. */
  private def browse(arguments: String*): String = {
    val browser = Seq("chromium", "chromium-browser", "google-chrome")
      .find(name => sys.env("PATH").split(':').exists(p => Files.isExecutable(Path.of(p, name))))
      .getOrElse(cancel("no Chromium on the PATH: the page was not opened"))
    val (dom, err) = (Files.createTempFile(directory, "dom", ""), Files.createTempFile(directory, "err", ""))
    val profile = Files.createTempDirectory(directory, "profile")
    val options = Seq(
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
      "--enable-logging=stderr", "--virtual-time-budget=4000", s"--user-data-dir=$profile")
    val process = new ProcessBuilder(((browser +: options) ++ arguments): _*)
      .redirectOutput(dom.toFile).redirectError(err.toFile).start()
    if (!process.waitFor(90, TimeUnit.SECONDS)) {
      process.destroyForcibly()
      fail(s"the browser did not end: ${arguments.mkString(" ")}")
    }
    val console = Files.readString(err, UTF_8).linesIterator.filter(_.contains("CONSOLE")).toSeq
    assert(console.isEmpty)
    assert(process.exitValue == 0)
    Files.readString(dom, UTF_8)
  }
}
