package io.millrace.dataset.delta.spark;

import static io.millrace.dataset.delta.spark.SampleRows.cell;
import static io.millrace.dataset.delta.spark.SampleRows.decimal;
import static io.millrace.dataset.delta.spark.SampleRows.properties;
import static io.millrace.dataset.delta.spark.SampleRows.text;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.Hardness;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.ObjectTraits;
import io.millrace.dataset.ObjectTraits.MaskColor;
import io.millrace.dataset.Shape;
import io.millrace.dataset.StorageUri;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Annotations as structs of the column {@code annotations}: one struct for all kinds, with null in
 * what a kind does not have.
 */
final class AnnotationRows {
  private static final String CLASSIFICATION = "classification";
  static final String OBJECT = "object";
  private static final String OBJECT_FILE = "object_file";
  private static final String ENTITY = "entity";
  private static final String RELATION = "relation";
  private static final String SPEECH_CONTENT = "speech_content";
  private static final String SPEECH_SEGMENT = "speech_segment";

  private static final String POINT = "point";
  private static final String LINE = "line";
  private static final String DASHED_LINE = "dashed_line";
  private static final String BOX = "box";
  private static final String POLYGON = "polygon";
  private static final String POLYLINE = "polyline";
  private static final String CIRCLE = "circle";
  private static final String MASK = "mask";

  private static final int TYPE = 0;
  private static final int TASK_TYPE = 1;
  private static final int LABEL = 2;
  private static final int SHAPE_TYPE = 3;
  private static final int POINTS = 4;
  private static final int MASK_WIDTH = 5;
  private static final int MASK_HEIGHT = 6;
  private static final int MASK_RUNS = 7;
  private static final int POSE = 8;
  private static final int TRUNCATED = 9;
  private static final int OCCLUDED = 10;
  private static final int DIFFICULT = 11;
  private static final int MASK_COLOR = 12;
  private static final int START_INDEX = 13;
  private static final int END_INDEX = 14;
  private static final int START_NANOS = 15;
  private static final int END_NANOS = 16;
  private static final int FROM_ID = 17;
  private static final int TO_ID = 18;
  private static final int SPEAKER = 19;
  private static final int CONTENT = 20;
  private static final int LOCATION = 21;
  private static final int FORMAT = 22;
  private static final int ID = 23;
  private static final int PROPERTIES = 24;
  private static final int HARD = 25;
  private static final int HARD_COEFFICIENT = 26;
  private static final int ANNOTATED_BY = 27;
  private static final int CREATION_TIME = 28;
  private static final int CONFIDENCE = 29;
  private static final int FOREIGN_FIELDS = 30;

  /**
   * {@code points} holds, in pixels: x, y of a point, of a line's ends, of a polygon's or
   * polyline's corners; xmin, ymin, xmax, ymax of a box; x, y, radius of a circle. {@code
   * start_nanos} counts from the beginning of a recording. {@code creation_time} has no time zone,
   * as in manifests.
   */
  static final StructType SCHEMA =
      new StructType()
          .add("type", DataTypes.StringType)
          .add("task_type", DataTypes.StringType)
          .add("label", DataTypes.StringType)
          .add("shape_type", DataTypes.StringType)
          .add("points", DataTypes.createArrayType(DataTypes.DoubleType))
          .add("mask_width", DataTypes.IntegerType)
          .add("mask_height", DataTypes.IntegerType)
          .add("mask_runs", DataTypes.createArrayType(DataTypes.IntegerType))
          .add("pose", DataTypes.StringType)
          .add("truncated", DataTypes.BooleanType)
          .add("occluded", DataTypes.BooleanType)
          .add("difficult", DataTypes.BooleanType)
          .add("mask_color", DataTypes.StringType)
          .add("start_index", DataTypes.IntegerType)
          .add("end_index", DataTypes.IntegerType)
          .add("start_nanos", DataTypes.LongType)
          .add("end_nanos", DataTypes.LongType)
          .add("from_id", DataTypes.StringType)
          .add("to_id", DataTypes.StringType)
          .add("speaker", DataTypes.StringType)
          .add("content", DataTypes.StringType)
          .add("location", DataTypes.StringType)
          .add("format", DataTypes.StringType)
          .add("id", DataTypes.StringType)
          .add("properties", DataTypes.StringType)
          .add("hard", DataTypes.BooleanType)
          .add("hard_coefficient", DataTypes.DoubleType)
          .add("annotated_by", DataTypes.StringType)
          .add("creation_time", DataTypes.StringType)
          .add("confidence", DataTypes.DoubleType)
          .add("foreign_fields", DataTypes.StringType);

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral(' ')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .toFormatter(Locale.ROOT);

  private AnnotationRows() {}

  static Row toRow(Annotation annotation) {
    Object[] cells = new Object[SCHEMA.length()];
    cells[TASK_TYPE] = annotation.taskType().name();
    cells[LABEL] = annotation.label().map(Label::value).orElse(null);
    putInfo(cells, annotation.info());
    if (annotation instanceof Annotation.Classification) {
      cells[TYPE] = CLASSIFICATION;
    } else if (annotation instanceof Annotation.ImageObject object) {
      cells[TYPE] = OBJECT;
      putShape(cells, object.shape());
      putTraits(cells, object.traits());
    } else if (annotation instanceof Annotation.ObjectFile file) {
      cells[TYPE] = OBJECT_FILE;
      cells[LOCATION] = file.location().value();
      cells[FORMAT] = file.format();
    } else if (annotation instanceof Annotation.TextEntity entity) {
      cells[TYPE] = ENTITY;
      cells[START_INDEX] = entity.start();
      cells[END_INDEX] = entity.end();
    } else if (annotation instanceof Annotation.TextRelation relation) {
      cells[TYPE] = RELATION;
      cells[FROM_ID] = relation.from();
      cells[TO_ID] = relation.to();
    } else if (annotation instanceof Annotation.SpeechContent speech) {
      cells[TYPE] = SPEECH_CONTENT;
      cells[CONTENT] = speech.content();
    } else if (annotation instanceof Annotation.SpeechSegment segment) {
      cells[TYPE] = SPEECH_SEGMENT;
      cells[START_NANOS] = segment.start().toNanos();
      cells[END_NANOS] = segment.end().toNanos();
      cells[SPEAKER] = segment.speaker().orElse(null);
      cells[CONTENT] = segment.content().orElse(null);
    } else {
      throw new IllegalStateException("No row for " + annotation.getClass().getName());
    }
    return RowFactory.create(cells);
  }

  static Annotation toAnnotation(Row row) {
    LabelTaskType taskType = LabelTaskType.valueOf(row.getString(TASK_TYPE));
    Optional<Label> label = text(row, LABEL).map(Label::new);
    AnnotationInfo info = info(row);
    String type = row.getString(TYPE);
    return switch (type) {
      case CLASSIFICATION -> new Annotation.Classification(taskType, label.orElseThrow(), info);
      case OBJECT ->
          new Annotation.ImageObject(taskType, label.orElseThrow(), shape(row), traits(row), info);
      case OBJECT_FILE ->
          new Annotation.ObjectFile(
              taskType,
              StorageUri.parse(row.getString(LOCATION)),
              row.getString(FORMAT),
              label,
              info);
      case ENTITY ->
          new Annotation.TextEntity(
              taskType, label.orElseThrow(), row.getInt(START_INDEX), row.getInt(END_INDEX), info);
      case RELATION ->
          new Annotation.TextRelation(
              label.orElseThrow(), row.getString(FROM_ID), row.getString(TO_ID), info);
      case SPEECH_CONTENT -> new Annotation.SpeechContent(row.getString(CONTENT), info);
      case SPEECH_SEGMENT ->
          new Annotation.SpeechSegment(
              label,
              Duration.ofNanos(row.getLong(START_NANOS)),
              Duration.ofNanos(row.getLong(END_NANOS)),
              text(row, SPEAKER),
              text(row, CONTENT),
              info);
      default -> throw new IllegalStateException("Unknown type of annotation row: " + type);
    };
  }

  private static void putInfo(Object[] cells, AnnotationInfo info) {
    cells[ID] = info.id().orElse(null);
    cells[PROPERTIES] = cell(info.properties());
    cells[HARD] = info.hardness().hard();
    cells[HARD_COEFFICIENT] = cell(info.hardness().coefficient());
    cells[ANNOTATED_BY] = info.annotatedBy().orElse(null);
    cells[CREATION_TIME] = info.creationTime().map(TIME::format).orElse(null);
    cells[CONFIDENCE] = cell(info.confidence());
    cells[FOREIGN_FIELDS] = cell(info.foreignFields());
  }

  private static AnnotationInfo info(Row row) {
    return new AnnotationInfo(
        text(row, ID),
        properties(row, PROPERTIES),
        new Hardness(row.getBoolean(HARD), decimal(row, HARD_COEFFICIENT)),
        text(row, ANNOTATED_BY),
        text(row, CREATION_TIME).map(time -> LocalDateTime.parse(time, TIME)),
        decimal(row, CONFIDENCE),
        text(row, FOREIGN_FIELDS).orElse(""));
  }

  private static void putTraits(Object[] cells, ObjectTraits traits) {
    cells[POSE] = traits.pose();
    cells[TRUNCATED] = traits.truncated();
    cells[OCCLUDED] = traits.occluded();
    cells[DIFFICULT] = traits.difficult();
    cells[MASK_COLOR] =
        traits
            .maskColor()
            .map(color -> color.red() + "," + color.green() + "," + color.blue())
            .orElse(null);
  }

  private static ObjectTraits traits(Row row) {
    return new ObjectTraits(
        row.getString(POSE),
        row.getBoolean(TRUNCATED),
        row.getBoolean(OCCLUDED),
        row.getBoolean(DIFFICULT),
        text(row, MASK_COLOR).map(AnnotationRows::maskColor));
  }

  private static MaskColor maskColor(String text) {
    int[] parts = Arrays.stream(text.split(",", -1)).mapToInt(Integer::parseInt).toArray();
    return new MaskColor(parts[0], parts[1], parts[2]);
  }

  private static void putShape(Object[] cells, Shape shape) {
    if (shape instanceof Shape.Point point) {
      put(cells, POINT, point.x(), point.y());
    } else if (shape instanceof Shape.Line line) {
      String type = line.stroke() == Shape.Stroke.DASHED ? DASHED_LINE : LINE;
      put(cells, type, line.from().x(), line.from().y(), line.to().x(), line.to().y());
    } else if (shape instanceof Shape.BoundingBox box) {
      put(cells, BOX, box.xMin(), box.yMin(), box.xMax(), box.yMax());
    } else if (shape instanceof Shape.Polygon polygon) {
      put(cells, POLYGON, coordinates(polygon.corners()));
    } else if (shape instanceof Shape.Polyline polyline) {
      put(cells, POLYLINE, coordinates(polyline.points()));
    } else if (shape instanceof Shape.Circle circle) {
      put(cells, CIRCLE, circle.center().x(), circle.center().y(), circle.radius());
    } else if (shape instanceof Shape.Mask mask) {
      cells[SHAPE_TYPE] = MASK;
      cells[MASK_WIDTH] = mask.width();
      cells[MASK_HEIGHT] = mask.height();
      cells[MASK_RUNS] = mask.runs().toArray(Integer[]::new);
    } else {
      throw new IllegalStateException("No row for " + shape.getClass().getName());
    }
  }

  private static void put(Object[] cells, String type, double... points) {
    cells[SHAPE_TYPE] = type;
    cells[POINTS] = DoubleStream.of(points).boxed().toArray(Double[]::new);
  }

  private static double[] coordinates(List<Shape.Point> points) {
    return points.stream().flatMapToDouble(p -> DoubleStream.of(p.x(), p.y())).toArray();
  }

  private static Shape shape(Row row) {
    String type = row.getString(SHAPE_TYPE);
    if (type.equals(MASK)) {
      return new Shape.Mask(
          row.getInt(MASK_WIDTH), row.getInt(MASK_HEIGHT), list(row, MASK_RUNS, Integer.class));
    }
    List<Double> p = list(row, POINTS, Double.class);
    return switch (type) {
      case POINT -> new Shape.Point(p.get(0), p.get(1));
      case LINE -> new Shape.Line(pointAt(p, 0), pointAt(p, 1), Shape.Stroke.SOLID);
      case DASHED_LINE -> new Shape.Line(pointAt(p, 0), pointAt(p, 1), Shape.Stroke.DASHED);
      case BOX -> new Shape.BoundingBox(p.get(0), p.get(1), p.get(2), p.get(3));
      case POLYGON -> new Shape.Polygon(points(p));
      case POLYLINE -> new Shape.Polyline(points(p));
      case CIRCLE -> new Shape.Circle(pointAt(p, 0), p.get(2));
      default -> throw new IllegalStateException("Unknown type of shape in a row: " + type);
    };
  }

  private static List<Shape.Point> points(List<Double> coordinates) {
    List<Shape.Point> points = new ArrayList<>(coordinates.size() / 2);
    for (int i = 0; i < coordinates.size() / 2; i++) {
      points.add(pointAt(coordinates, i));
    }
    return points;
  }

  private static Shape.Point pointAt(List<Double> coordinates, int index) {
    return new Shape.Point(coordinates.get(2 * index), coordinates.get(2 * index + 1));
  }

  /** Elements of an array column: as we made it, or as Spark read it. */
  private static <T> List<T> list(Row row, int column, Class<T> type) {
    Object value = row.get(column);
    List<?> elements = value instanceof Object[] made ? List.of(made) : row.getList(column);
    return elements.stream().<T>map(type::cast).toList();
  }
}
