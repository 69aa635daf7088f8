package io.millrace.training.metrics

object MetricsSamples {

  /** All formats in one file. */
  val all: String =
    """[
      |  {"key": "loss", "title": "loss", "type": "float", "data": {"value": 1.2}},
      |  {"key": "accuracy", "title": "accuracy", "type": "float", "data": {"value": 1.6}},
      |  {"key": "curve", "title": "metric", "type": "line chart", "data": {
      |    "x_axis": [{"title": "step/epoch", "value": [1, 2, 3]}],
      |    "y_axis": [{"title": "value", "value": [0.5, 0.4, 0.3]}]}},
      |  {"key": "bars", "title": "metric", "type": "histogram", "data": {
      |    "x_axis": [{"title": "step/epoch", "value": [1, 2, 3]}],
      |    "y_axis": [{"title": "value", "value": [0.5, 0.4, 0.3]}]}},
      |  {"key": "confusion_matrix", "title": "confusion_matrix", "type": "table", "data": {
      |    "cell_value": [[1, 2], [2, 3]],
      |    "col_labels": {"title": "labels", "value": ["daisy", "dandelion"]},
      |    "row_labels": {"title": "predictions", "value": ["daisy", "dandelion"]}}},
      |  {"key": "Application Evaluation Results", "title": "Application Evaluation Results",
      |    "type": "one-dimensional-table", "data": {
      |    "cell_value": [[10, 2, 0.5]], "labels": ["samples", "maxResTine", "p99"]}}
      |]
      |""".stripMargin

  def value(key: String, value: Double): String =
    s"""{"key": "$key", "title": "$key", "type": "float", "data": {"value": $value}}"""
}
