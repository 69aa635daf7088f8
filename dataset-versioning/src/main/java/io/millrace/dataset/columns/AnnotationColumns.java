package io.millrace.dataset.columns;

import static io.millrace.dataset.columns.SampleColumns.cell;
import static io.millrace.dataset.columns.SampleColumns.decimal;
import static io.millrace.dataset.columns.SampleColumns.properties;
import static io.millrace.dataset.columns.SampleColumns.text;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.Hardness;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.ObjectTraits;
import io.millrace.dataset.ObjectTraits.MaskColor;
import io.millrace.dataset.Shape;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.columns.CellType.Plain;
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

/**
 * Annotations as structs of the column {@code annotations}: one struct for all kinds, with null in
 * what a kind does not have. {@code toAnnotation(of(a))} equals {@code a}.
 */
public final class AnnotationColumns {
  private static final String CLASSIFICATION = "classification";
  public static final String OBJECT = "object";
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
  public static final Columns COLUMNS =
      new Columns(
          List.of(
              new Column("type", Plain.TEXT),
              new Column("task_type", Plain.TEXT),
              new Column("label", Plain.TEXT),
              new Column("shape_type", Plain.TEXT),
              new Column("points", new CellType.ListOf(Plain.DOUBLE)),
              new Column("mask_width", Plain.INT),
              new Column("mask_height", Plain.INT),
              new Column("mask_runs", new CellType.ListOf(Plain.INT)),
              new Column("pose", Plain.TEXT),
              new Column("truncated", Plain.BOOLEAN),
              new Column("occluded", Plain.BOOLEAN),
              new Column("difficult", Plain.BOOLEAN),
              new Column("mask_color", Plain.TEXT),
              new Column("start_index", Plain.INT),
              new Column("end_index", Plain.INT),
              new Column("start_nanos", Plain.LONG),
              new Column("end_nanos", Plain.LONG),
              new Column("from_id", Plain.TEXT),
              new Column("to_id", Plain.TEXT),
              new Column("speaker", Plain.TEXT),
              new Column("content", Plain.TEXT),
              new Column("location", Plain.TEXT),
              new Column("format", Plain.TEXT),
              new Column("id", Plain.TEXT),
              new Column("properties", Plain.TEXT),
              new Column("hard", Plain.BOOLEAN),
              new Column("hard_coefficient", Plain.DOUBLE),
              new Column("annotated_by", Plain.TEXT),
              new Column("creation_time", Plain.TEXT),
              new Column("confidence", Plain.DOUBLE),
              new Column("foreign_fields", Plain.TEXT)));

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral(' ')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .toFormatter(Locale.ROOT);

  private AnnotationColumns() {}

  /** A cell a column. */
  public static Object[] of(Annotation annotation) {
    Object[] cells = new Object[COLUMNS.size()];
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
    return cells;
  }

  /** The annotation that cells hold. */
  public static Annotation toAnnotation(Object[] row) {
    LabelTaskType taskType = LabelTaskType.valueOf((String) row[TASK_TYPE]);
    Optional<Label> label = text(row, LABEL).map(Label::new);
    AnnotationInfo info = info(row);
    String type = (String) row[TYPE];
    return switch (type) {
      case CLASSIFICATION -> new Annotation.Classification(taskType, label.orElseThrow(), info);
      case OBJECT ->
          new Annotation.ImageObject(taskType, label.orElseThrow(), shape(row), traits(row), info);
      case OBJECT_FILE ->
          new Annotation.ObjectFile(
              taskType,
              StorageUri.parse((String) row[LOCATION]),
              (String) row[FORMAT],
              label,
              info);
      case ENTITY ->
          new Annotation.TextEntity(
              taskType, label.orElseThrow(), (int) row[START_INDEX], (int) row[END_INDEX], info);
      case RELATION ->
          new Annotation.TextRelation(
              label.orElseThrow(), (String) row[FROM_ID], (String) row[TO_ID], info);
      case SPEECH_CONTENT -> new Annotation.SpeechContent((String) row[CONTENT], info);
      case SPEECH_SEGMENT ->
          new Annotation.SpeechSegment(
              label,
              Duration.ofNanos((long) row[START_NANOS]),
              Duration.ofNanos((long) row[END_NANOS]),
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

  private static AnnotationInfo info(Object[] row) {
    return new AnnotationInfo(
        text(row, ID),
        properties(row, PROPERTIES),
        new Hardness((boolean) row[HARD], decimal(row, HARD_COEFFICIENT)),
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

  private static ObjectTraits traits(Object[] row) {
    return new ObjectTraits(
        (String) row[POSE],
        (boolean) row[TRUNCATED],
        (boolean) row[OCCLUDED],
        (boolean) row[DIFFICULT],
        text(row, MASK_COLOR).map(AnnotationColumns::maskColor));
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

  private static Shape shape(Object[] row) {
    String type = (String) row[SHAPE_TYPE];
    if (type.equals(MASK)) {
      return new Shape.Mask(
          (int) row[MASK_WIDTH], (int) row[MASK_HEIGHT], list(row, MASK_RUNS, Integer.class));
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

  private static <T> List<T> list(Object[] row, int column, Class<T> type) {
    return Arrays.stream((Object[]) row[column]).<T>map(type::cast).toList();
  }
}
