package io.millrace.training.metrics

import java.util.{List => JList}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

import io.millrace.training.metrics.Metric.{Chart, Labels, Numbers, Table => MetricTable, Value}

class MetricsJsonSuite extends AnyFunSuite {
  import MetricsSamples._

  test("TRN-10 metrics.json - every format that ModelArts documents - is read as it says") {
    val reading = MetricsJson.read(all)
    assert(reading.problems.isEmpty)
    assert(
      reading.metrics.asScala === Seq(
        new Value("loss", "loss", 1.2),
        new Value("accuracy", "accuracy", 1.6),
        new Chart("curve", "metric", Chart.Style.LINE, labels("step/epoch", "1", "2", "3"), numbers("value", 0.5, 0.4, 0.3)),
        new Chart("bars", "metric", Chart.Style.HISTOGRAM, labels("step/epoch", "1", "2", "3"), numbers("value", 0.5, 0.4, 0.3)),
        new MetricTable("confusion_matrix", "confusion_matrix", labels("labels", "daisy", "dandelion"),
          labels("predictions", "daisy", "dandelion"), JList.of(JList.of("1", "2"), JList.of("2", "3"))),
        new MetricTable("Application Evaluation Results", "Application Evaluation Results",
          labels("", "samples", "maxResTine", "p99"), Labels.NONE, JList.of(JList.of("10", "2", "0.5")))))
  }

  test("TRN-10 metrics - written and read - are the same") {
    val metrics = MetricsJson.read(all).metrics
    assert(MetricsJson.read(MetricsJson.write(metrics)) === new MetricsJson.Reading(metrics, JList.of()))
    val odd = JList.of[Metric](
      new MetricTable("t", "", labels("", "007", "1e5", "-", "</script>"), Labels.NONE,
        JList.of(JList.of("1.0E-5", "1e5", "true", "-0.25"))))
    assert(MetricsJson.read(MetricsJson.write(odd)).metrics === odd)
  }

  test("TRN-10 a metric that is wrong - is left out and its field named, the others are kept") {
    forAll(
      Table(
        ("metric", "problem"),
        ("""3""", "[1]: it is no JSON object"),
        ("""{"title": "x", "type": "float", "data": {"value": 1}}""", "[1].key: it is missing"),
        ("""{"key": " ", "type": "float", "data": {"value": 1}}""", "[1].key: it is empty"),
        ("""{"key": "ok", "type": "float", "data": {"value": 1}}""", "[1].key: 'ok' is there twice"),
        ("""{"key": "x", "title": 5, "type": "float", "data": {"value": 1}}""", "[1].title: it is no text"),
        ("""{"key": "x", "type": "pie", "data": {}}""",
          "[1].type: it is 'pie' (expected float, line chart, histogram, table or one-dimensional-table)"),
        ("""{"key": "x", "type": "float", "data": {}}""", "[1].data.value: it is missing"),
        ("""{"key": "x", "type": "float", "data": {"value": "1"}}""", "[1].data.value: it is no number"),
        ("""{"key": "x", "type": "float", "data": {"value": NaN}}""",
          "[1].data.value: it is NaN (expected a finite number)"),
        (chart("line chart", "[1, 2]", "[0.5]"),
          "[1].data.y_axis[0].value: it has 1 values (expected 2, as many as x_axis[0].value)"),
        (chart("histogram", "[1]", "[null]"), "[1].data.y_axis[0].value[0]: it is no number"),
        (chart("histogram", "[[1]]", "[1]"), "[1].data.x_axis[0].value[0]: it is neither a number nor a text"),
        ("""{"key": "x", "type": "line chart", "data": {"x_axis": [], "y_axis": []}}""",
          "[1].data.x_axis: it has 0 axes (expected 1)"),
        ("""{"key": "x", "type": "line chart", "data": {"x_axis": [{"value": []}], "y_axis": []}}""",
          "[1].data.y_axis: it is empty"),
        (table("[[1, 2]]", """["a", "b"]"""),
          "[1].data.cell_value: it has 1 rows (expected 2, as many as row_labels.value)"),
        (table("[[1, 2], [3]]", """["a", "b"]"""),
          "[1].data.cell_value[1]: it has 1 cells (expected 2, as many as col_labels.value)"),
        (table("[]", "[]"), "[1].data.row_labels.value: it is empty"),
        ("""{"key": "x", "type": "one-dimensional-table", "data": {"cell_value": [[1]], "labels": []}}""",
          "[1].data.cell_value[0]: it has 1 cells (expected 0, as many as labels)"))) { (metric, problem) =>
      val reading = MetricsJson.read(s"""[{"key": "ok", "type": "float", "data": {"value": 1}}, $metric]""")
      assert(reading.problems.asScala === Seq(problem))
      assert(reading.metrics.asScala === Seq(new Value("ok", "ok", 1)))
    }
  }

  test("TRN-10 a file that is none - is one problem") {
    forAll(
      Table(
        ("text", "problem"),
        ("", "it is no JSON list of metrics"),
        ("{}", "it is no JSON list of metrics"),
        ("[{\"key\": ", "it is no JSON: line 1"),
        ("[" + " " * (1 << 20) + "]", "it is larger than 1 MiB"))) { (text, problem) =>
      val reading = MetricsJson.read(text)
      assert(reading.metrics.isEmpty)
      assert(reading.problems.size === 1 && reading.problems.get(0).startsWith(problem), reading.problems)
    }
  }

  private def labels(title: String, values: String*): Labels = new Labels(title, values.asJava)

  private def numbers(title: String, values: Double*): JList[Numbers] =
    JList.of(new Numbers(title, values.map(Double.box).asJava))

  private def chart(kind: String, x: String, y: String): String =
    s"""{"key": "x", "type": "$kind", "data": {"x_axis": [{"value": $x}], "y_axis": [{"value": $y}]}}"""

  private def table(cells: String, rows: String): String =
    s"""{"key": "x", "type": "table", "data": {"cell_value": $cells,
       |"col_labels": {"title": "", "value": ["a", "b"]}, "row_labels": {"value": $rows}}}""".stripMargin
}
