package io.millrace.training.experiment

import java.time.Duration
import java.util.Optional

import scala.jdk.CollectionConverters._
import scala.jdk.OptionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

import io.millrace.dataset.{DatasetException, DatasetRef, StorageUri}
import io.millrace.training._
import io.millrace.training.experiment.RunComparison.Parameters
import io.millrace.training.metrics.MetricsSamples.value
import io.millrace.training.watch.RunRecord

class RunComparisonSuite extends AnyFunSuite with RunOnDisk {
  import RunState._

  test("TRN-10 comparison - of two runs on disk - shows what differs, their final metrics and a dash for none") {
    val (one, two) = twoRuns
    val comparison = new RunComparison(java.util.List.of(facts(one), facts(two)), Parameters.DIFFERING)
    assert(comparison.header.asScala === Seq("RUN", "EXPERIMENT", "STATE", "DURATION", "NODES", "data_url", "lr", "accuracy", "loss"))
    assert(comparison.rows.asScala.map(_.asScala) === Seq(
      Seq(one.run.displayName, "sizes", "Completed", "1 min 0 s", "1", "pets@V001", "0.1", "-", "0.2500"),
      Seq(two.run.displayName, "sizes", "Failed", "7.0 s", "2", "pets@V002", "-", "0.9876", "12")))
  }

  test("TRN-10 comparison - with all parameters - shows those that are the same, too") {
    val (one, two) = twoRuns
    val all = new RunComparison(java.util.List.of(facts(one), facts(two)), Parameters.ALL)
    assert(all.header.asScala.slice(5, 8) === Seq("data_url", "epochs", "lr"))
    val alone = new RunComparison(java.util.List.of(facts(one)), Parameters.DIFFERING)
    assert(alone.header.asScala.contains("epochs"), "one run has nothing to differ from")
  }

  test("TRN-10 comparison as CSV - has numbers in full, quotes, and no formula") {
    val odd = run("a,\"b\"", Map("note" -> "=cmd", "shift" -> "-0.5", "text" -> "-x"), Map("loss" -> 1.0 / 3))
    assert(new RunComparison(java.util.List.of(odd), Parameters.ALL).toCsv ===
      "run,state,duration_s,nodes,note,shift,text,loss\r\n" +
      "\"a,\"\"b\"\"\",Completed,1.500,1,'=cmd,-0.5,'-x,0.3333333333333333\r\n")
  }

  test("TRN-10 comparison - of names that are also columns of ours, or twice there - keeps them apart") {
    val odd = run("a", Map("state" -> "on", "lr" -> "1"), Map("lr" -> 2))
    val comparison = new RunComparison(java.util.List.of(odd), Parameters.ALL)
    assert(comparison.header.asScala === Seq("RUN", "STATE", "DURATION", "NODES", "lr", "state (parameter)", "lr (metric)"))
    assert(comparison.toCsv.startsWith("run,state,duration_s,nodes,lr,state (parameter),lr (metric)\r\n"))
  }

  test("TRN-10 comparison as JSON - has all of each run") {
    val (one, _) = twoRuns
    val json = new RunComparison(java.util.List.of(facts(one)), Parameters.DIFFERING).toJson.get(0)
    assert(json.toString ===
      s"""{"run":"${one.run.displayName}","experiment":"sizes","state":"Completed","created_at":"2026-03-01T12:00:00Z",""" +
        """"duration_seconds":60.0,"nodes":1,"inputs":{"data_url":"pets@V001"},"parameters":{"epochs":"3","lr":"0.1"},""" +
        """"metrics":{"loss":0.25},"problems":[]}""")
  }

  test("TRN-10 order by a metric - either way - puts runs without it last, and refuses one that none has") {
    val runs = java.util.List.of(
      run("none", Map(), Map()), run("two", Map(), Map("loss" -> 2)), run("one", Map(), Map("loss" -> 1)))
    forAll(
      Table(
        ("order", "runs"),
        ("loss", Seq("one", "two", "none")),
        ("loss:asc", Seq("one", "two", "none")),
        ("loss:desc", Seq("two", "one", "none")))) { (order, expected) =>
      assert(MetricOrder.parse(order).sorted(runs).asScala.map(_.run) === expected)
    }
    assert(MetricOrder.parse("a:b:desc").metric === "a:b")
    val error = intercept[DatasetException](MetricOrder.parse("los").sorted(runs))
    assert(error.getMessage === "Cannot sort by 'los': no run has this metric. There are loss.")
    assert(intercept[DatasetException](MetricOrder.parse(":desc")).getMessage ===
      "Invalid order: '' (expected METRIC[:asc|desc])")
  }

  test("TRN-10 duration - of runs that wait, run, and lost their launcher - is none, so far, and unknown") {
    val waiting = written(plain.build(), status => status.withState(WAITING))
    assert(facts(waiting).duration.isEmpty)
    val running = written(plainTo("b").build(), status => status.running(noon))
    assert(facts(running).duration.toScala === Some(Duration.ofSeconds(100)))
    val lost = new RunRecord(running.directory, running.run, running.status.withState(ABNORMAL))
    assert(facts(lost).duration.isEmpty)
  }

  test("TRN-10 experiments - of several runs - are listed by name, with states, the latest and the best run") {
    val runs = java.util.List.of(
      run("a1", Map(), Map("loss" -> 2), Some("a"), second = 1), run("b1", Map(), Map("acc" -> 5), Some("b")),
      run("a2", Map(), Map("loss" -> 1), Some("a"), second = 9, state = FAILED), run("alone", Map(), Map()))
    val experiments = Experiments.of(runs).asScala
    assert(experiments.map(each => each.name -> each.runs.asScala.map(_.run)) === Seq("a" -> Seq("a2", "a1"), "b" -> Seq("b1")))
    assert(experiments.head.latest === noon.plusSeconds(9))
    assert(experiments.head.states.asScala.toMap === Map(COMPLETED -> 1L, FAILED -> 1L))
    val byLoss = MetricOrder.parse("loss:desc")
    assert(experiments.head.best(byLoss).get.run === "a1" && experiments.last.best(byLoss).isEmpty)
  }

  test("TRN-10 numbers and durations - for people - are short and keep their size") {
    forAll(
      Table(
        ("value", "text"),
        (0.0, "0"), (12.0, "12"), (-3.0, "-3"), (0.123456, "0.1235"), (98.7654321, "98.77"), (1234.567, "1235"),
        (0.00001234, "1.234e-05"), (1.5e9, "1500000000"), (1.23456789e17, "1.235e+17"))) { (value, text) =>
      assert(RunComparison.forPeople(value) === text)
    }
    assert(Seq(1.24, 59.96, 200, 7500).map(s => RunComparison.forPeople(Duration.ofMillis((s * 1000).toLong))) ===
      Seq("1.2 s", "60.0 s", "3 min 20 s", "2 h 5 min"))
  }

  private def facts(record: RunRecord): RunFacts =
    RunFacts.of(record, noon.plusSeconds(100))

  private def twoRuns: (RunRecord, RunRecord) = {
    val one = written(plainTo("a").input(version("pets@V001")).parameter("epochs", "3").parameter("lr", "0.1").build())
    val two = written(
      plainTo("b").input(version("pets@V002")).parameter("epochs", "3").nodes(2).build(), broke(7, "It broke."))
    writeAt(directory.resolve("a/metrics.json"), s"[${value("loss", 0.25)}]", noon.plusSeconds(1))
    writeAt(directory.resolve("b/metrics.json"), s"[${value("loss", 12)}, ${value("accuracy", 0.98761)}]", noon)
    (one, two)
  }

  private def version(ref: String): TrainingInput =
    TrainingInput.ofVersion("data_url", DatasetRef.parse(ref), StorageUri.of(directory))

  private def plain: TrainingJob.Builder = plainTo("a")

  private def plainTo(output: String): TrainingJob.Builder =
    TrainingJob.builder("cells", code, "train.py")
      .experiment("sizes")
      .output(TrainingOutput.of("train_url", StorageUri.of(directory.resolve(output))))

  private def run(
      name: String, parameters: Map[String, String], metrics: Map[String, Double],
      experiment: Option[String] = None, second: Int = 0, state: RunState = COMPLETED): RunFacts =
    new RunFacts(name, experiment.toJava, state, noon.plusSeconds(second.toLong), Optional.of(Duration.ofMillis(1500)), 1,
      java.util.Map.of(), new java.util.TreeMap(parameters.asJava),
      new java.util.TreeMap(metrics.view.mapValues(Double.box).toMap.asJava), java.util.List.of())
}
