package io.millrace.dataset.delta.spark;

import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.Digest;
import io.millrace.dataset.Hardness;
import io.millrace.dataset.ImportId;
import io.millrace.dataset.Measures;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import io.millrace.dataset.SampleId;
import io.millrace.dataset.SourceState;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.Usage;
import io.millrace.dataset.manifest.PropertiesJson;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The one mapping between samples and rows of the tables {@code samples} and {@code
 * version_samples}.
 *
 * <p>It loses nothing: {@code toSample(toRow(s))} equals {@code s}, also after the row was stored,
 * as long as the instants in {@code s} are in whole microseconds, the precision of Spark. An absent
 * value is a null; {@code properties} and {@code foreign_fields} are the texts of JSON objects,
 * null where empty.
 */
public final class SampleRows {
  private static final int ID = 0;
  private static final int SOURCE = 1;
  private static final int KIND = 2;
  private static final int SIZE_BYTES = 3;
  private static final int DIGEST = 4;
  private static final int CREATED_AT = 5;
  private static final int SOURCE_MODIFIED_AT = 6;
  private static final int USAGE = 7;
  private static final int HARD = 8;
  private static final int HARD_COEFFICIENT = 9;
  private static final int PROPERTIES = 10;
  private static final int WIDTH = 11;
  private static final int HEIGHT = 12;
  private static final int CHANNELS = 13;
  private static final int SECONDS = 14;
  private static final int SAMPLE_RATE = 15;
  private static final int ANNOTATIONS = 16;
  private static final int INFERENCE_LOCATION = 17;
  private static final int ORIGIN = 18;
  private static final int FOREIGN_FIELDS = 19;
  private static final int SOURCE_ETAG = 20;
  private static final int COPIED_FROM = 21;
  private static final int MISSING_SINCE = 22;

  public static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.StringType)
          .add("source", DataTypes.StringType)
          .add("kind", DataTypes.StringType)
          .add("size_bytes", DataTypes.LongType)
          .add("digest", DataTypes.StringType)
          .add("created_at", DataTypes.TimestampType)
          .add("source_modified_at", DataTypes.TimestampType)
          .add("usage", DataTypes.StringType)
          .add("hard", DataTypes.BooleanType)
          .add("hard_coefficient", DataTypes.DoubleType)
          .add("properties", DataTypes.StringType)
          .add("width", DataTypes.IntegerType)
          .add("height", DataTypes.IntegerType)
          .add("channels", DataTypes.IntegerType)
          .add("seconds", DataTypes.DoubleType)
          .add("sample_rate", DataTypes.IntegerType)
          .add("annotations", DataTypes.createArrayType(AnnotationRows.SCHEMA))
          .add("inference_location", DataTypes.StringType)
          .add("origin", DataTypes.StringType)
          .add("foreign_fields", DataTypes.StringType)
          .add("source_etag", DataTypes.StringType)
          .add("copied_from", DataTypes.StringType)
          .add("missing_since", DataTypes.TimestampType);

  private SampleRows() {}

  public static List<Row> toRows(List<Sample> samples) {
    return samples.stream().map(SampleRows::toRow).toList();
  }

  public static Row toRow(Sample sample) {
    Object[] cells = new Object[SCHEMA.length()];
    cells[ID] = sample.id().value();
    cells[SOURCE] = sample.source().value();
    cells[KIND] = sample.kind().name();
    cells[SIZE_BYTES] = sample.sizeBytes();
    cells[DIGEST] = sample.digest().map(Digest::hex).orElse(null);
    cells[CREATED_AT] = Timestamp.from(sample.createdAt());
    SourceState state = sample.sourceState();
    cells[SOURCE_MODIFIED_AT] = state.modifiedAt().map(Timestamp::from).orElse(null);
    cells[SOURCE_ETAG] = state.etag().orElse(null);
    cells[COPIED_FROM] = state.copiedFrom().map(StorageUri::value).orElse(null);
    cells[MISSING_SINCE] = state.missingSince().map(Timestamp::from).orElse(null);
    cells[USAGE] = sample.usage().map(Usage::name).orElse(null);
    cells[HARD] = sample.hardness().hard();
    cells[HARD_COEFFICIENT] = cell(sample.hardness().coefficient());
    cells[PROPERTIES] = cell(sample.properties());
    cells[WIDTH] = cell(sample.measures().width());
    cells[HEIGHT] = cell(sample.measures().height());
    cells[CHANNELS] = cell(sample.measures().channels());
    cells[SECONDS] = cell(sample.measures().seconds());
    cells[SAMPLE_RATE] = cell(sample.measures().sampleRate());
    cells[ANNOTATIONS] =
        sample.annotations().stream().map(AnnotationRows::toRow).toArray(Row[]::new);
    cells[INFERENCE_LOCATION] = sample.inferenceLocation().map(StorageUri::value).orElse(null);
    cells[ORIGIN] = sample.origin().map(ImportId::value).orElse(null);
    cells[FOREIGN_FIELDS] = cell(sample.foreignFields());
    return RowFactory.create(cells);
  }

  /**
   * The sample that a row holds, whose first columns are those of {@link #SCHEMA} in their order.
   */
  public static Sample toSample(Row row) {
    return new Sample(
        new SampleId(row.getString(ID)),
        StorageUri.parse(row.getString(SOURCE)),
        DatasetKind.valueOf(row.getString(KIND)),
        row.getLong(SIZE_BYTES),
        text(row, DIGEST).map(Digest::new),
        instant(row, CREATED_AT),
        new SourceState(
            optionalInstant(row, SOURCE_MODIFIED_AT),
            text(row, SOURCE_ETAG),
            text(row, COPIED_FROM).map(StorageUri::parse),
            optionalInstant(row, MISSING_SINCE)),
        text(row, USAGE).map(Usage::valueOf),
        new Hardness(row.getBoolean(HARD), decimal(row, HARD_COEFFICIENT)),
        properties(row, PROPERTIES),
        new Measures(
            integer(row, WIDTH),
            integer(row, HEIGHT),
            integer(row, CHANNELS),
            decimal(row, SECONDS),
            integer(row, SAMPLE_RATE)),
        structs(row, ANNOTATIONS).stream().map(AnnotationRows::toAnnotation).toList(),
        text(row, INFERENCE_LOCATION).map(StorageUri::parse),
        text(row, ORIGIN).map(ImportId::new),
        text(row, FOREIGN_FIELDS).orElse(""));
  }

  static Object cell(OptionalInt value) {
    return value.isPresent() ? (Object) value.getAsInt() : null;
  }

  static Object cell(OptionalDouble value) {
    return value.isPresent() ? (Object) value.getAsDouble() : null;
  }

  static Object cell(Properties properties) {
    return properties.isEmpty() ? null : PropertiesJson.write(properties);
  }

  static Object cell(String text) {
    return text.isEmpty() ? null : text;
  }

  static Optional<String> text(Row row, int column) {
    return Optional.ofNullable(row.getString(column));
  }

  static OptionalInt integer(Row row, int column) {
    return row.isNullAt(column) ? OptionalInt.empty() : OptionalInt.of(row.getInt(column));
  }

  static OptionalDouble decimal(Row row, int column) {
    return row.isNullAt(column) ? OptionalDouble.empty() : OptionalDouble.of(row.getDouble(column));
  }

  static Properties properties(Row row, int column) {
    return text(row, column).map(PropertiesJson::readWritten).orElse(Properties.EMPTY);
  }

  /** Spark gives timestamps in one of two types, as spark.sql.datetime.java8API.enabled says. */
  static Instant instant(Row row, int column) {
    return row.get(column) instanceof Timestamp timestamp
        ? timestamp.toInstant()
        : row.getInstant(column);
  }

  private static Optional<Instant> optionalInstant(Row row, int column) {
    return row.isNullAt(column) ? Optional.empty() : Optional.of(instant(row, column));
  }

  /** Elements of an array column: as we made it, or as Spark read it. */
  private static List<Row> structs(Row row, int column) {
    return row.get(column) instanceof Row[] made ? List.of(made) : row.getList(column);
  }
}
