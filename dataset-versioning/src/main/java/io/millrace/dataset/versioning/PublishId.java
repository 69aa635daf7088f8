package io.millrace.dataset.versioning;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;

/** Identifies one act of publishing, successful or not: {@code pub-20260102030405-1a2b3c4d5e6f}. */
public record PublishId(String value) {
  private static final Pattern FORM = Pattern.compile("pub-[0-9]{14}-[0-9a-f]{12}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT);

  public PublishId {
    checkArgument(
        isPublishId(value), "Invalid publish id: '%s' (expected pub-TIME-12 hex digits)", value);
  }

  public static boolean isPublishId(String text) {
    return FORM.matcher(text).matches();
  }

  public static PublishId of(Instant now, Random random) {
    byte[] bytes = new byte[6];
    random.nextBytes(bytes);
    String time = TIME.format(now.atOffset(ZoneOffset.UTC));
    return new PublishId("pub-" + time + "-" + HexFormat.of().formatHex(bytes));
  }

  /** When the publishing began, in whole seconds. */
  public Instant startedAt() {
    return LocalDateTime.parse(value.substring(4, 18), TIME).toInstant(ZoneOffset.UTC);
  }

  @Override
  public String toString() {
    return value;
  }
}
