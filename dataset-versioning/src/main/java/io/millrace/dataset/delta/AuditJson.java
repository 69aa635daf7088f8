package io.millrace.dataset.delta;

import io.millrace.dataset.AuditEntry;
import io.millrace.dataset.Properties;
import io.millrace.dataset.manifest.PropertiesJson;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** An audit entry as the text that a commit carries; {@code find(write(entry))} is the entry. */
public final class AuditJson {
  private static final String ID = "audit";
  private static final String AT = "at";
  private static final String BY = "by";
  private static final String OPERATION = "operation";
  private static final String PARAMETERS = "parameters";
  private static final String COUNTS = "counts";
  private static final String RESULT = "result";

  private AuditJson() {}

  public static String write(AuditEntry entry) {
    return PropertiesJson.write(
        Properties.EMPTY
            .with(ID, entry.id().toString())
            .with(AT, entry.at().toString())
            .with(BY, entry.by())
            .with(OPERATION, entry.operation())
            .with(PARAMETERS, entry.parameters().values())
            .with(COUNTS, entry.counts().values())
            .with(RESULT, entry.result()));
  }

  /** The entry that a commit's user metadata is; empty for any other text, such as an import's. */
  static Optional<AuditEntry> find(String userMetadata) {
    if (!userMetadata.startsWith("{\"" + ID + "\":")) {
      return Optional.empty();
    }
    Properties entry = PropertiesJson.readWritten(userMetadata);
    return Optional.of(
        new AuditEntry(
            UUID.fromString(text(entry, ID)),
            Instant.parse(text(entry, AT)),
            text(entry, BY),
            text(entry, OPERATION),
            object(entry, PARAMETERS),
            object(entry, COUNTS),
            text(entry, RESULT)));
  }

  private static String text(Properties entry, String name) {
    return entry
        .value(name)
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .orElseThrow(() -> new IllegalStateException("An audit entry was written without " + name));
  }

  private static Properties object(Properties entry, String name) {
    if (entry.value(name).orElse(null) instanceof Map<?, ?> map) {
      Properties result = Properties.EMPTY;
      for (Map.Entry<?, ?> field : map.entrySet()) {
        result = result.with((String) field.getKey(), field.getValue());
      }
      return result;
    }
    throw new IllegalStateException("An audit entry was written without " + name);
  }
}
