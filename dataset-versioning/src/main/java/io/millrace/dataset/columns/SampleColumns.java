package io.millrace.dataset.columns;

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
import io.millrace.dataset.columns.CellType.Plain;
import io.millrace.dataset.manifest.PropertiesJson;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The one mapping between samples and columns: those of the tables {@code samples} and {@code
 * version_samples}, and of exports in columns.
 *
 * <p>It loses nothing: {@code toSample(of(s))} equals {@code s}, as long as the instants in {@code
 * s} are in whole microseconds. An absent value is a null; {@code properties} and {@code
 * foreign_fields} are the texts of JSON objects, null where empty.
 */
public final class SampleColumns {
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

  public static final Columns COLUMNS =
      new Columns(
          List.of(
              new Column("id", Plain.TEXT),
              new Column("source", Plain.TEXT),
              new Column("kind", Plain.TEXT),
              new Column("size_bytes", Plain.LONG),
              new Column("digest", Plain.TEXT),
              new Column("created_at", Plain.TIMESTAMP),
              new Column("source_modified_at", Plain.TIMESTAMP),
              new Column("usage", Plain.TEXT),
              new Column("hard", Plain.BOOLEAN),
              new Column("hard_coefficient", Plain.DOUBLE),
              new Column("properties", Plain.TEXT),
              new Column("width", Plain.INT),
              new Column("height", Plain.INT),
              new Column("channels", Plain.INT),
              new Column("seconds", Plain.DOUBLE),
              new Column("sample_rate", Plain.INT),
              new Column(
                  "annotations",
                  new CellType.ListOf(new CellType.Struct(AnnotationColumns.COLUMNS))),
              new Column("inference_location", Plain.TEXT),
              new Column("origin", Plain.TEXT),
              new Column("foreign_fields", Plain.TEXT),
              new Column("source_etag", Plain.TEXT),
              new Column("copied_from", Plain.TEXT),
              new Column("missing_since", Plain.TIMESTAMP)));

  private SampleColumns() {}

  /** A cell a column. */
  public static Object[] of(Sample sample) {
    Object[] cells = new Object[COLUMNS.size()];
    cells[ID] = sample.id().value();
    cells[SOURCE] = sample.source().value();
    cells[KIND] = sample.kind().name();
    cells[SIZE_BYTES] = sample.sizeBytes();
    cells[DIGEST] = sample.digest().map(Digest::hex).orElse(null);
    cells[CREATED_AT] = micros(sample.createdAt());
    SourceState state = sample.sourceState();
    cells[SOURCE_MODIFIED_AT] = state.modifiedAt().map(SampleColumns::micros).orElse(null);
    cells[SOURCE_ETAG] = state.etag().orElse(null);
    cells[COPIED_FROM] = state.copiedFrom().map(StorageUri::value).orElse(null);
    cells[MISSING_SINCE] = state.missingSince().map(SampleColumns::micros).orElse(null);
    cells[USAGE] = sample.usage().map(Usage::name).orElse(null);
    cells[HARD] = sample.hardness().hard();
    cells[HARD_COEFFICIENT] = cell(sample.hardness().coefficient());
    cells[PROPERTIES] = cell(sample.properties());
    cells[WIDTH] = cell(sample.measures().width());
    cells[HEIGHT] = cell(sample.measures().height());
    cells[CHANNELS] = cell(sample.measures().channels());
    cells[SECONDS] = cell(sample.measures().seconds());
    cells[SAMPLE_RATE] = cell(sample.measures().sampleRate());
    cells[ANNOTATIONS] = sample.annotations().stream().map(AnnotationColumns::of).toArray();
    cells[INFERENCE_LOCATION] = sample.inferenceLocation().map(StorageUri::value).orElse(null);
    cells[ORIGIN] = sample.origin().map(ImportId::value).orElse(null);
    cells[FOREIGN_FIELDS] = cell(sample.foreignFields());
    return cells;
  }

  /** The sample that cells hold. */
  public static Sample toSample(Object[] row) {
    return new Sample(
        new SampleId((String) row[ID]),
        StorageUri.parse((String) row[SOURCE]),
        DatasetKind.valueOf((String) row[KIND]),
        (long) row[SIZE_BYTES],
        text(row, DIGEST).map(Digest::new),
        instant(row, CREATED_AT),
        new SourceState(
            optionalInstant(row, SOURCE_MODIFIED_AT),
            text(row, SOURCE_ETAG),
            text(row, COPIED_FROM).map(StorageUri::parse),
            optionalInstant(row, MISSING_SINCE)),
        text(row, USAGE).map(Usage::valueOf),
        new Hardness((boolean) row[HARD], decimal(row, HARD_COEFFICIENT)),
        properties(row, PROPERTIES),
        new Measures(
            integer(row, WIDTH),
            integer(row, HEIGHT),
            integer(row, CHANNELS),
            decimal(row, SECONDS),
            integer(row, SAMPLE_RATE)),
        Arrays.stream((Object[]) row[ANNOTATIONS])
            .map(annotation -> AnnotationColumns.toAnnotation((Object[]) annotation))
            .toList(),
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

  static Optional<String> text(Object[] row, int column) {
    return Optional.ofNullable((String) row[column]);
  }

  static OptionalInt integer(Object[] row, int column) {
    return row[column] == null ? OptionalInt.empty() : OptionalInt.of((int) row[column]);
  }

  static OptionalDouble decimal(Object[] row, int column) {
    return row[column] == null ? OptionalDouble.empty() : OptionalDouble.of((double) row[column]);
  }

  static Properties properties(Object[] row, int column) {
    return text(row, column).map(PropertiesJson::readWritten).orElse(Properties.EMPTY);
  }

  /** Microseconds since 1970; what an instant has beyond them is cut off. */
  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  private static Instant instant(Object[] row, int column) {
    return Instant.EPOCH.plus((long) row[column], ChronoUnit.MICROS);
  }

  private static Optional<Instant> optionalInstant(Object[] row, int column) {
    return row[column] == null ? Optional.empty() : Optional.of(instant(row, column));
  }
}
