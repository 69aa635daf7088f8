package io.millrace.inference.spark;

import io.millrace.dataset.StorageUri;
import io.millrace.inference.Answer;
import io.millrace.inference.Answer.Detection;
import io.millrace.inference.Answer.LabelScore;
import io.millrace.inference.AnswerJson;
import io.millrace.inference.FailureReason;
import io.millrace.inference.Outcome;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The one mapping between an {@link Outcome} and a row. {@link #TABLE} is the result table that
 * users read; {@link #SCHEMA} has a column more.
 */
final class OutcomeRows {
  private static final StructType BOX =
      new StructType()
          .add("label", DataTypes.StringType, false)
          .add("score", DataTypes.DoubleType, false)
          .add("ymin", DataTypes.DoubleType, false)
          .add("xmin", DataTypes.DoubleType, false)
          .add("ymax", DataTypes.DoubleType, false)
          .add("xmax", DataTypes.DoubleType, false);

  /** {@code position} is the input's place in the manifest; {@code raw} is the answer's text. */
  static final StructType TABLE =
      new StructType()
          .add("position", DataTypes.LongType, false)
          .add("source", DataTypes.StringType, false)
          .add("result", DataTypes.StringType, false)
          .add("label", DataTypes.StringType)
          .add("score", DataTypes.DoubleType)
          .add("boxes", DataTypes.createArrayType(BOX, false))
          .add("raw", DataTypes.StringType)
          .add("inference_loc", DataTypes.StringType)
          .add("failure", DataTypes.StringType)
          .add("error_message", DataTypes.StringType);

  static final StructType SCHEMA = TABLE.add("origin", DataTypes.StringType);

  private static final String SUCCESSFUL = "SUCCESSFUL";
  private static final String FAILED = "FAILED";

  private OutcomeRows() {}

  static Row toRow(Outcome outcome) {
    if (outcome instanceof Outcome.Successful successful) {
      Answer answer = successful.answer();
      return RowFactory.create(
          successful.position(),
          successful.source(),
          SUCCESSFUL,
          answer.best().map(best -> best.label().value()).orElse(null),
          answer.best().map(LabelScore::score).orElse(null),
          boxes(answer),
          AnswerJson.encode(answer),
          successful.location().value(),
          null,
          null,
          successful.origin().name());
    } else if (outcome instanceof Outcome.Failed failed) {
      return RowFactory.create(
          failed.position(),
          failed.source(),
          FAILED,
          null,
          null,
          null,
          null,
          null,
          failed.reason().name(),
          failed.message(),
          null);
    }
    throw new IllegalStateException("Unknown outcome " + outcome);
  }

  /** Reads a row of {@link #SCHEMA} by position: rows of an RDD carry no names. */
  static Outcome toOutcome(Row row) {
    long position = row.getLong(SCHEMA.fieldIndex("position"));
    String source = text(row, "source");
    return switch (text(row, "result")) {
      case SUCCESSFUL ->
          new Outcome.Successful(
              position,
              source,
              StorageUri.parse(text(row, "inference_loc")),
              AnswerJson.decode(text(row, "raw")),
              Outcome.Origin.valueOf(text(row, "origin")));
      case FAILED ->
          new Outcome.Failed(
              position,
              source,
              FailureReason.valueOf(text(row, "failure")),
              text(row, "error_message"));
      default -> throw new IllegalStateException("Unknown result in " + row);
    };
  }

  private static String text(Row row, String column) {
    return row.getString(SCHEMA.fieldIndex(column));
  }

  /** Null, as an empty column of the table, for an answer that is not about boxes. */
  private static Row[] boxes(Answer answer) {
    if (answer instanceof Answer.Detections detections) {
      List<Detection> found = detections.found();
      return found.stream().map(OutcomeRows::box).toArray(Row[]::new);
    }
    return null;
  }

  private static Row box(Detection detection) {
    return RowFactory.create(
        detection.label().value(),
        detection.score(),
        detection.box().yMin(),
        detection.box().xMin(),
        detection.box().yMax(),
        detection.box().xMax());
  }
}
