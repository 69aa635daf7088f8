package io.millrace.dataset.delta;

import static io.delta.kernel.types.LongType.LONG;
import static io.delta.kernel.types.StringType.STRING;
import static io.delta.kernel.types.TimestampType.TIMESTAMP;

import io.delta.kernel.data.Row;
import io.delta.kernel.types.StructType;
import io.millrace.dataset.AuditEntry;
import io.millrace.dataset.BranchName;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Digest;
import io.millrace.dataset.ImportId;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Properties;
import io.millrace.dataset.TagName;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.manifest.PropertiesJson;
import io.millrace.dataset.versioning.Branch;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.Provenance;
import io.millrace.dataset.versioning.VersionEvent;
import io.millrace.dataset.versioning.VersionEvent.BranchDeleted;
import io.millrace.dataset.versioning.VersionEvent.Branched;
import io.millrace.dataset.versioning.VersionEvent.Deleted;
import io.millrace.dataset.versioning.VersionEvent.MadeCurrent;
import io.millrace.dataset.versioning.VersionEvent.Published;
import io.millrace.dataset.versioning.VersionEvent.Tagged;
import io.millrace.dataset.versioning.VersionEvent.Untagged;
import io.millrace.dataset.versioning.VersionFormat;
import io.millrace.dataset.versioning.VersionSeal;
import io.millrace.dataset.versioning.VersionState;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The one mapping between events of versions and rows of the table {@code versions}. */
final class VersionEventRows {
  static final String NUMBER = "number";
  static final StructType SCHEMA =
      new StructType()
          .add(NUMBER, LONG)
          .add("event", STRING)
          .add("version", STRING)
          .add("happened_at", TIMESTAMP)
          .add("branch", STRING)
          .add("tag", STRING)
          .add("publish_id", STRING)
          .add("task_type", STRING)
          .add("description", STRING)
          .add("parent", STRING)
          .add("format", STRING)
          .add("manifest", STRING)
          .add("manifest_digest", STRING)
          .add("rows_digest", STRING)
          .add("files_digest", STRING)
          .add("size_bytes", LONG)
          .add("samples", LONG)
          .add("parts", STRING)
          .add("labels", STRING)
          .add("media_bytes", LONG)
          .add("provenance", STRING);

  private static final String PUBLISHED = "PUBLISHED";
  private static final String MADE_CURRENT = "MADE_CURRENT";
  private static final String DELETED = "DELETED";
  private static final String TAGGED = "TAGGED";
  private static final String UNTAGGED = "UNTAGGED";
  private static final String BRANCHED = "BRANCHED";
  private static final String BRANCH_DELETED = "BRANCH_DELETED";

  private final DatasetLayout layout;

  /** Of a dataset whose addresses are stored relative to its directory, so that a copy opens. */
  VersionEventRows(DatasetLayout layout) {
    this.layout = layout;
  }

  /**
   * An event and its place in the order of all.
   *
   * @param number counted from 1
   */
  record Numbered(long number, VersionEvent event) {}

  Object[] toCells(long number, VersionEvent event) {
    Map<String, Object> cells = new HashMap<>();
    cells.put(NUMBER, number);
    cells.put("happened_at", KernelTable.micros(event.at()));
    if (event instanceof Published published) {
      cells.put("event", PUBLISHED);
      putVersion(cells, published.version());
    } else if (event instanceof MadeCurrent made) {
      cells.put("event", MADE_CURRENT);
      cells.put("branch", made.branch().value());
      cells.put("version", made.version().value());
    } else if (event instanceof Deleted deleted) {
      cells.put("event", DELETED);
      cells.put("version", deleted.version().value());
    } else if (event instanceof Tagged tagged) {
      cells.put("event", TAGGED);
      cells.put("tag", tagged.tag().value());
      cells.put("version", tagged.version().value());
    } else if (event instanceof Untagged untagged) {
      cells.put("event", UNTAGGED);
      cells.put("tag", untagged.tag().value());
    } else if (event instanceof Branched branched) {
      cells.put("event", BRANCHED);
      cells.put("branch", branched.branch().name().value());
      cells.put("publish_id", branched.branch().place());
      cells.put("version", branched.branch().from().map(VersionName::value).orElse(null));
    } else if (event instanceof BranchDeleted deleted) {
      cells.put("event", BRANCH_DELETED);
      cells.put("branch", deleted.branch().value());
    }
    return SCHEMA.fieldNames().stream().map(cells::get).toArray();
  }

  Numbered toEvent(Row row) {
    Cells cells = new Cells(row);
    return new Numbered(cells.number(NUMBER), event(cells));
  }

  private VersionEvent event(Cells cells) {
    Instant at = KernelTable.instant(cells.number("happened_at"));
    String event = cells.text("event");
    return switch (event) {
      case PUBLISHED -> new Published(version(cells, at));
      case MADE_CURRENT -> new MadeCurrent(branch(cells), version(cells), at);
      case DELETED -> new Deleted(version(cells), at);
      case TAGGED -> new Tagged(new TagName(cells.text("tag")), version(cells), at);
      case UNTAGGED -> new Untagged(new TagName(cells.text("tag")), at);
      case BRANCHED ->
          new Branched(
              new Branch(
                  branch(cells),
                  cells.text("publish_id"),
                  cells.optionalText("version").map(VersionName::new)),
              at);
      case BRANCH_DELETED -> new BranchDeleted(branch(cells), at);
      default ->
          throw new DatasetException(
              "Cannot read the versions of %s: an event '%s' is unknown. Use the release of Millrace that wrote it."
                  .formatted(layout.root(), event));
    };
  }

  private void putVersion(Map<String, Object> cells, DatasetVersion version) {
    cells.put("version", version.name().value());
    cells.put("branch", version.branch().value());
    cells.put("publish_id", version.publishId());
    cells.put("task_type", version.taskType().name());
    cells.put("description", version.description());
    cells.put("parent", version.parent().map(VersionName::value).orElse(null));
    cells.put("format", version.format().name());
    cells.put("manifest", layout.relative(version.manifest()));
    cells.put("manifest_digest", version.manifestDigest().hex());
    cells.put("rows_digest", version.seal().rows().hex());
    cells.put("files_digest", version.seal().files().hex());
    cells.put("size_bytes", version.seal().sizeBytes());
    cells.put("samples", version.samples());
    cells.put("parts", json(version.parts()));
    cells.put("labels", json(version.labels()));
    cells.put("media_bytes", version.mediaBytes());
    cells.put("provenance", json(version.provenance()));
  }

  private DatasetVersion version(Cells cells, Instant at) {
    return new DatasetVersion(
        version(cells),
        cells.text("publish_id"),
        LabelTaskType.valueOf(cells.text("task_type")),
        cells.text("description"),
        at,
        cells.optionalText("parent").map(VersionName::new),
        VersionState.NORMAL,
        layout.root().resolve(cells.text("manifest")),
        new Digest(cells.text("manifest_digest")),
        cells.number("samples"),
        counts(cells.text("parts")),
        counts(cells.text("labels")),
        cells.number("media_bytes"),
        VersionFormat.valueOf(cells.text("format")),
        branch(cells),
        new VersionSeal(
            new Digest(cells.text("rows_digest")),
            new Digest(cells.text("files_digest")),
            cells.number("size_bytes")),
        provenance(cells.text("provenance")));
  }

  private static VersionName version(Cells cells) {
    return new VersionName(cells.text("version"));
  }

  private static BranchName branch(Cells cells) {
    return new BranchName(cells.text("branch"));
  }

  private static String json(NavigableMap<String, Long> counts) {
    return PropertiesJson.write(new Properties(new LinkedHashMap<>(counts)));
  }

  private static NavigableMap<String, Long> counts(String json) {
    NavigableMap<String, Long> counts = new TreeMap<>();
    PropertiesJson.readWritten(json)
        .values()
        .forEach((key, count) -> counts.put(key, (Long) count));
    return counts;
  }

  private static String json(Provenance provenance) {
    return PropertiesJson.write(
        Properties.EMPTY
            .with("release", provenance.release())
            .with("user", provenance.user())
            .with("samples_state", provenance.samplesState())
            .with("imports", provenance.imports().stream().map(ImportId::value).toList())
            .with("import_count", provenance.importCount())
            .with("settings", provenance.settings().values())
            .with("operations", provenance.operations().stream().map(AuditJson::write).toList()));
  }

  private static Provenance provenance(String json) {
    Map<String, Object> values = PropertiesJson.readWritten(json).values();
    return new Provenance(
        (String) values.get("release"),
        (String) values.get("user"),
        (Long) values.get("samples_state"),
        ((List<?>) values.get("imports")).stream().map(id -> new ImportId((String) id)).toList(),
        (Long) values.get("import_count"),
        new Properties(settings((Map<?, ?>) values.get("settings"))),
        operations(values.get("operations")));
  }

  /** Versions of earlier releases have none on record. */
  private static List<AuditEntry> operations(Object texts) {
    return texts instanceof List<?> list
        ? list.stream().flatMap(text -> AuditJson.find((String) text).stream()).toList()
        : List.of();
  }

  private static Map<String, Object> settings(Map<?, ?> values) {
    Map<String, Object> settings = new LinkedHashMap<>();
    values.forEach((name, value) -> settings.put((String) name, value));
    return settings;
  }

  /** The cells of a row by name. */
  private record Cells(Row row) {
    String text(String name) {
      return row.getString(ordinal(name));
    }

    Optional<String> optionalText(String name) {
      return row.isNullAt(ordinal(name)) ? Optional.empty() : Optional.of(text(name));
    }

    long number(String name) {
      return row.getLong(ordinal(name));
    }

    private int ordinal(String name) {
      return row.getSchema().indexOf(name);
    }
  }
}
