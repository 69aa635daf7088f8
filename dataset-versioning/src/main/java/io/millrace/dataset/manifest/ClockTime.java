package io.millrace.dataset.manifest;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A time within a recording as manifests spell it: {@code hh:mm:ss.SSS}. */
final class ClockTime {
  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,6}):([0-5]?[0-9]):([0-5]?[0-9])(?:\\.([0-9]{1,9}))?");

  private ClockTime() {}

  static Duration parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    checkArgument(matcher.matches(), "Invalid time: '%s' (expected hh:mm:ss.SSS)", text);
    long seconds =
        Long.parseLong(matcher.group(1)) * 3600
            + Long.parseLong(matcher.group(2)) * 60
            + Long.parseLong(matcher.group(3));
    String fraction = matcher.group(4) == null ? "" : matcher.group(4);
    return Duration.ofSeconds(seconds, Long.parseLong((fraction + "000000000").substring(0, 9)));
  }

  /** At least three digits of a second, and as many more as the duration needs. */
  static String write(Duration time) {
    String fraction = String.format(Locale.ROOT, "%09d", time.toNanosPart());
    int digits = 9;
    while (digits > 3 && fraction.charAt(digits - 1) == '0') {
      digits--;
    }
    return String.format(
        Locale.ROOT,
        "%02d:%02d:%02d.%s",
        time.toHours(),
        time.toMinutesPart(),
        time.toSecondsPart(),
        fraction.substring(0, digits));
  }
}
