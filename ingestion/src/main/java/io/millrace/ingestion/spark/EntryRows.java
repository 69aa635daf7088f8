package io.millrace.ingestion.spark;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.spark.SampleRows;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.RejectReason;
import io.millrace.ingestion.layout.LayoutEntry;
import io.millrace.ingestion.layout.LayoutEntry.AnnotationFile;
import io.millrace.ingestion.layout.LayoutEntry.Broken;
import io.millrace.ingestion.layout.LayoutEntry.Described;
import io.millrace.ingestion.layout.LayoutEntry.ImageSet;
import io.millrace.ingestion.layout.LayoutEntry.MediaFile;
import io.millrace.ingestion.layout.LayoutEntry.OtherFile;
import io.millrace.ingestion.layout.LayoutEntry.Remark;
import io.millrace.ingestion.layout.LayoutEntry.SetMember;
import java.sql.Timestamp;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The one mapping between entries of a layout and the rows that carry them from the task that found
 * them to the one that inspects them. What an entry does not have is null; the rows live within one
 * import and are never stored.
 */
final class EntryRows {
  static final String KEY = "key";

  static final StructType SCHEMA =
      new StructType()
          .add("type", DataTypes.StringType)
          .add(KEY, DataTypes.StringType)
          .add("address", DataTypes.StringType)
          .add("size_bytes", DataTypes.LongType)
          .add("modified_at", DataTypes.TimestampType)
          .add("etag", DataTypes.StringType)
          .add("line", DataTypes.LongType)
          .add("word", DataTypes.StringType)
          .add("message", DataTypes.StringType)
          .add("sample", SampleRows.SCHEMA);

  private static final int TYPE = 0;
  private static final int KEY_CELL = 1;
  private static final int ADDRESS = 2;
  private static final int SIZE_BYTES = 3;
  private static final int MODIFIED_AT = 4;
  private static final int ETAG = 5;
  private static final int LINE = 6;
  private static final int WORD = 7;
  private static final int MESSAGE = 8;
  private static final int SAMPLE = 9;

  private static final String MEDIA = "media";
  private static final String ANNOTATION = "annotation";
  private static final String MEMBER = "member";
  private static final String OTHER = "other";
  private static final String REMARK = "remark";
  private static final String DESCRIBED = "described";
  private static final String BROKEN = "broken";

  private EntryRows() {}

  static Row toRow(LayoutEntry entry) {
    Object[] cells = new Object[SCHEMA.length()];
    cells[KEY_CELL] = entry.key();
    if (entry instanceof MediaFile media) {
      putFile(cells, MEDIA, media.file());
    } else if (entry instanceof AnnotationFile annotation) {
      putFile(cells, ANNOTATION, annotation.file());
    } else if (entry instanceof SetMember member) {
      cells[TYPE] = MEMBER;
      cells[WORD] = member.set().name();
    } else if (entry instanceof OtherFile) {
      cells[TYPE] = OTHER;
    } else if (entry instanceof Remark remark) {
      cells[TYPE] = REMARK;
      cells[WORD] = remark.note().name();
    } else if (entry instanceof Described described) {
      cells[TYPE] = DESCRIBED;
      cells[ADDRESS] = described.file().value();
      cells[LINE] = described.line();
      cells[SAMPLE] = SampleRows.toRow(described.sample());
    } else if (entry instanceof Broken broken) {
      cells[TYPE] = BROKEN;
      cells[ADDRESS] = broken.source();
      cells[WORD] = broken.reason().name();
      cells[MESSAGE] = broken.message();
    } else {
      throw new IllegalStateException("Unknown entry: " + entry);
    }
    return RowFactory.create(cells);
  }

  static String key(Row row) {
    return row.getString(KEY_CELL);
  }

  static LayoutEntry toEntry(Row row) {
    String key = key(row);
    return switch (row.getString(TYPE)) {
      case MEDIA -> new MediaFile(key, file(row));
      case ANNOTATION -> new AnnotationFile(key, file(row));
      case MEMBER -> new SetMember(key, ImageSet.valueOf(row.getString(WORD)));
      case OTHER -> new OtherFile(key);
      case REMARK -> new Remark(key, Note.valueOf(row.getString(WORD)));
      case DESCRIBED ->
          new Described(
              key,
              StorageUri.parse(row.getString(ADDRESS)),
              row.getLong(LINE),
              SampleRows.toSample(row.getStruct(SAMPLE)));
      case BROKEN ->
          new Broken(
              key,
              row.getString(ADDRESS),
              RejectReason.valueOf(row.getString(WORD)),
              row.getString(MESSAGE));
      default -> throw new IllegalStateException("Unknown entry: " + row.getString(TYPE));
    };
  }

  private static void putFile(Object[] cells, String type, StoredObject file) {
    cells[TYPE] = type;
    cells[ADDRESS] = file.uri().value();
    cells[SIZE_BYTES] = file.sizeBytes();
    cells[MODIFIED_AT] = Timestamp.from(file.modifiedAt());
    cells[ETAG] = file.etag().orElse(null);
  }

  private static StoredObject file(Row row) {
    return new StoredObject(
        StorageUri.parse(row.getString(ADDRESS)),
        row.getLong(SIZE_BYTES),
        row.getTimestamp(MODIFIED_AT).toInstant(),
        Optional.ofNullable(row.getString(ETAG)));
  }
}
