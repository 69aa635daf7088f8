package io.millrace.jobs.cli

import java.io.{PrintWriter, StringWriter}
import java.nio.file.{Files, Path}
import java.nio.file.attribute.FileTime
import java.time.{Duration, Instant}
import java.util.Optional

import com.fasterxml.jackson.databind.ObjectMapper
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.StorageUri
import io.millrace.training._
import io.millrace.training.experiment.{Experiments, MetricOrder, RunFacts}
import io.millrace.training.watch.{LauncherProcess, RunRegistry, StateFile}

class TrainExperimentCommandsSuite extends AnyFunSuite {
  private val json = new ObjectMapper()
  private val noon = Instant.parse("2026-03-01T12:00:00Z")

  test("TRN-10 train compare - of two runs, sorted by a metric - prints what differs, best first") {
    val runs = twoRuns()
    val (one, two) = (nameOf(runs, "one"), nameOf(runs, "two"))
    val text = run(runs, "compare", "one", "two", "--sort", "accuracy:desc")
    assert(text.exitCode === ExitCode.DONE, text.err)
    val lines = text.out.linesIterator.toSeq
    assert(lines.head.split("\\s+").toSeq === Seq("RUN", "STATE", "DURATION", "NODES", "lr", "accuracy", "loss"))
    assert(lines.tail.map(_.split("  +").toSeq) === Seq(
      Seq(two, "Completed", "1 min 0 s", "1", "0.5", "0.9100", "-"),
      Seq(one, "Completed", "1 min 0 s", "1", "0.1", "0.9000", "0.2500")))
    val all = run(runs, "compare", "one", "two", "--all-parameters")
    assert(all.out.linesIterator.next().contains("epochs") && all.out.indexOf(one) < all.out.indexOf(two))
  }

  test("TRN-10 train compare - as CSV and JSON - prints the same for programs") {
    val runs = twoRuns()
    val csv = run(runs, "compare", "one", "two", "-o", "csv")
    assert(csv.out.split("\r\n").toSeq === Seq(
      "run,state,duration_s,nodes,lr,accuracy,loss",
      s"${nameOf(runs, "one")},Completed,60.000,1,0.1,0.9,0.25",
      s"${nameOf(runs, "two")},Completed,60.000,1,0.5,0.91,"))
    val list = json.readTree(run(runs, "compare", "one", "two", "-o", "json").out)
    assert(list.size === 2 && list.get(0).at("/metrics/loss").asDouble === 0.25)
    assert(list.get(1).at("/parameters/epochs").asText === "3")
  }

  test("TRN-10 -o csv - of a command that prints no table - is refused before it does anything") {
    val runs = Files.createTempDirectory("runs")
    for (command <- Seq(Seq("train", "list"), Seq("train", "experiments"), Seq("dataset", "list"))) {
      val refused = CommandLineRun.of(command ++ Seq("-o", "csv"): _*)
      assert(refused.exitCode === ExitCode.USAGE)
      assert(refused.err.contains(s"Invalid output format of millrace ${command.mkString(" ")}: csv"), refused.err)
    }
    assert(run(runs, "list").exitCode === ExitCode.DONE)
  }

  test("TRN-10 train compare - with bad input - says what to do instead") {
    val runs = twoRuns()
    val none = run(runs, "compare")
    assert(none.exitCode === ExitCode.USAGE && none.err.contains("either RUN… or --experiment NAME"))
    val both = run(runs, "compare", "one", "--experiment", "x")
    assert(both.exitCode === ExitCode.USAGE)
    val metric = run(runs, "compare", "one", "--sort", "los")
    assert(metric.exitCode === ExitCode.FAILED)
    assert(metric.err.contains("Cannot sort by 'los': no run has this metric. There are accuracy, loss."))
    assert(run(runs, "compare", "one", "--sort", ":asc").err.contains("Invalid order: ''"))
    val unknown = run(runs, "compare", "three")
    assert(unknown.exitCode === ExitCode.FAILED && unknown.err.contains(nameOf(runs, "one")))
    val experiment = run(runs, "compare", "--experiment", "x")
    assert(experiment.exitCode === ExitCode.FAILED && experiment.err.contains("Cannot find experiment 'x'"))
  }

  test("TRN-10 train compare - of a run whose metrics.json is damaged - shows a dash and says why") {
    val runs = twoRuns()
    Files.writeString(runs.resolve("out-one/metrics.json"), "[{\"key\": 3}]")
    Files.setLastModifiedTime(runs.resolve("out-one/metrics.json"), FileTime.from(noon))
    val text = run(runs, "compare", "one", "two")
    assert(text.exitCode === ExitCode.DONE)
    val line = "one-[0-9a-f]+: Cannot read the metrics in .*metrics.json: \\[0\\].key: it is no text\\.".r
    assert(line.findFirstIn(text.out).isDefined, text.out)
    val csv = run(runs, "compare", "one", "two", "-o", "csv")
    assert(line.findFirstIn(csv.err).isDefined && line.findFirstIn(csv.out).isEmpty)
  }

  test("TRN-10 train experiments - listed - shows runs, states, the latest, and the best by a metric") {
    val experiments = Experiments.of(java.util.List.of(
      facts("a1", "sizes", 0, 0.5), facts("a2", "sizes", 60, 0.25), facts("b1", "rates", 5, Double.NaN)))
    val text = printed(OutputFormat.TEXT)(
      TrainExperimentsCommand.print(experiments, Optional.of(MetricOrder.parse("loss")), _))
    assert(text.linesIterator.map(_.split("  +").toSeq).toSeq === Seq(
      Seq("EXPERIMENT", "RUNS", "STATES", "LATEST", "BEST", "loss"),
      Seq("rates", "1", "1 Completed", "2026-03-01 12:00:05", "-", "-"),
      Seq("sizes", "2", "2 Completed", "2026-03-01 12:01:00", "a2", "0.2500")))
    val list = json.readTree(printed(OutputFormat.JSON)(
      TrainExperimentsCommand.print(experiments, Optional.of(MetricOrder.parse("loss:desc")), _)))
    assert(list.get(1).get("best").asText === "a1" && list.get(1).get("best_value").asDouble === 0.5)
    assert(list.get(0).get("best").isNull && list.get(0).at("/states/Completed").asInt === 1)
    assert(list.get(1).get("runs").toString === "[\"a2\",\"a1\"]")
  }

  test("TRN-10 train experiments - where no run belongs to one - says so") {
    val text = run(twoRuns(), "experiments")
    assert(text.exitCode === ExitCode.DONE && text.out.contains("none of its 2 runs belongs to one"))
  }

  test("TRN-10 train metrics - of a run with all formats - prints values, curves and tables; JSON as in the file") {
    val runs = Files.createTempDirectory("runs")
    val metrics = """[{"key":"loss","title":"loss","type":"float","data":{"value":0.25}},
      {"key":"curve","title":"c","type":"line chart","data":{"x_axis":[{"title":"step","value":[1,2,3]}],
        "y_axis":[{"title":"train","value":[3,1,2]},{"title":"eval","value":[4,4,5]}]}},
      {"key":"matrix","title":"m","type":"table","data":{"cell_value":[[1,2],[3,4]],
        "col_labels":{"title":"labels","value":["cat","dog"]},"row_labels":{"title":"predictions","value":["cat","dog"]}}},
      {"key":"broken","type":"pie","data":{}}]"""
    written(runs, "one", "0.1", metrics)
    val text = run(runs, "metrics", "one")
    assert(text.out.linesIterator.map(_.split("  +").toSeq).toSeq.init === Seq(
      Seq("METRIC", "KIND", "LAST", "MIN", "MAX", "POINTS"),
      Seq("loss", "value", "0.2500", "-", "-", "-"),
      Seq("curve/train", "line chart", "2", "1", "3", "3"),
      Seq("curve/eval", "line chart", "5", "4", "5", "3"),
      Seq(""), Seq("matrix"), Seq("", "cat", "dog"), Seq("cat", "1", "2"), Seq("dog", "3", "4")))
    assert(text.out.linesIterator.toSeq.last.contains("[3].type: it is 'pie' (expected float,"))
    val node = json.readTree(run(runs, "metrics", "one", "-o", "json").out)
    assert(node.at("/outputs/0/output").asText === "train_url")
    assert(node.at("/outputs/0/metrics/1/data/y_axis/1/value/2").asDouble === 5 && node.get("problems").size === 1)
    written(runs, "bare", "0.1", "")
    assert(run(runs, "metrics", "bare").out.startsWith("No metrics of bare-"))
  }

  test("TRN-10 train report - of a run - writes one page, beside the run or where it is told") {
    val runs = twoRuns()
    val done = run(runs, "report", "one")
    assert(done.exitCode === ExitCode.DONE, done.err)
    val page = runs.resolve(nameOf(runs, "one")).resolve("report.html").toRealPath()
    assert(done.out.trim === s"report: $page")
    assert(Files.readString(page).contains(nameOf(runs, "one")))
    val there = runs.resolve("deep/er/page.html")
    val told = json.readTree(run(runs, "report", "two", "--out", there.toString, "-o", "json").out)
    assert(Files.size(there) > 200000 && told.get("report").asText === there.toString)
    val unknown = run(runs, "report", "three")
    assert(unknown.exitCode === ExitCode.FAILED && unknown.err.contains("Cannot find training run 'three'"))
  }

  private def twoRuns(): Path = {
    val runs = Files.createTempDirectory("runs").toRealPath()
    def value(key: String, number: Double) =
      s"""{"key": "$key", "title": "$key", "type": "float", "data": {"value": $number}}"""
    written(runs, "one", "0.1", s"[${value("accuracy", 0.9)}, ${value("loss", 0.25)}]")
    written(runs, "two", "0.5", s"[${value("accuracy", 0.91)}]")
    runs
  }

  /** A run as a launcher leaves it on disk, without having run. */
  private def written(runs: Path, name: String, rate: String, metrics: String): Unit = {
    val out = Files.createDirectories(runs.resolve(s"out-$name"))
    val job = TrainingJob.builder(name, runs, "train.py")
      .output(TrainingOutput.of("train_url", StorageUri.of(out)))
      .parameter("epochs", "3").parameter("lr", rate).build()
    val training = TrainingRun.of(job)
    val created = RunStatus.creating(noon)
    val directory =
      RunRegistry.at(runs).register(training, new StateFile(created, LauncherProcess.current()))
    new StateFile(created.running(noon).completed(noon.plusSeconds(60)), LauncherProcess.current())
      .write(directory.stateFile)
    if (metrics.nonEmpty) {
      Files.writeString(out.resolve("metrics.json"), metrics)
      Files.setLastModifiedTime(out.resolve("metrics.json"), FileTime.from(noon.plusSeconds(30)))
    }
  }

  private def facts(name: String, experiment: String, second: Int, loss: Double): RunFacts = {
    val metrics = new java.util.TreeMap[String, java.lang.Double]()
    if (!loss.isNaN) metrics.put("loss", loss)
    new RunFacts(name, Optional.of(experiment), RunState.COMPLETED, noon.plusSeconds(second.toLong),
      Optional.of(Duration.ofSeconds(1)), 1, java.util.Map.of(), java.util.Map.of(), metrics, java.util.List.of())
  }

  private def printed(format: OutputFormat)(print: Console => Unit): String = {
    val out = new StringWriter()
    print(new Console(new PrintWriter(out), format))
    out.toString
  }

  private def nameOf(runs: Path, job: String): String = RunRegistry.at(runs).find(job).run.displayName

  private def run(runs: Path, arguments: String*): CommandLineRun =
    CommandLineRun.of(Seq("train") ++ arguments ++ Seq("--runs", runs.toString): _*)
}
