package io.millrace.dataset.export;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;

/** Identifies one export, successful or not: {@code exp-20260102030405-1a2b3c4d5e6f}. */
public record ExportId(String value) {
  private static final Pattern FORM = Pattern.compile("exp-[0-9]{14}-[0-9a-f]{12}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT);

  public ExportId {
    checkArgument(
        isExportId(value), "Invalid export id: '%s' (expected exp-TIME-12 hex digits)", value);
  }

  public static boolean isExportId(String text) {
    return FORM.matcher(text).matches();
  }

  public static ExportId of(Instant now, Random random) {
    byte[] bytes = new byte[6];
    random.nextBytes(bytes);
    return new ExportId(
        "exp-" + TIME.format(now.atOffset(ZoneOffset.UTC)) + "-" + HexFormat.of().formatHex(bytes));
  }

  /** When the export began, in whole seconds. */
  public Instant startedAt() {
    return LocalDateTime.parse(value.substring(4, 18), TIME).toInstant(ZoneOffset.UTC);
  }

  @Override
  public String toString() {
    return value;
  }
}
