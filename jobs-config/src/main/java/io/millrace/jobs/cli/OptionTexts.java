package io.millrace.jobs.cli;

import io.millrace.dataset.DatasetException;
import io.millrace.jobs.training.TrainingDraft;
import io.millrace.jobs.training.TrainingDraft.Place;
import java.nio.file.InvalidPathException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the texts of options. What is wrong with them becomes a problem of the job, so that all is
 * reported together; the settings stay without it then.
 */
final class OptionTexts {
  private static final Pattern SECONDS = Pattern.compile("(\\d{1,8})(?:\\.(\\d{1,3}))?");
  private static final Pattern BYTES = Pattern.compile("(\\d{1,9})\\s*([KMGT]?)i?B?");
  private static final String UNITS = "KMGT";

  private final TrainingDraft draft;

  OptionTexts(TrainingDraft draft) {
    this.draft = draft;
  }

  /** Changes settings by an option, if it was given. */
  <S> S with(S settings, String text, Change<S> change) {
    if (text == null) {
      return settings;
    }
    return attempt(settings, before -> change.by(before, text));
  }

  /** Changes settings, as far as their own checks let it. */
  <S> S attempt(S settings, UnaryOperator<S> change) {
    try {
      return change.apply(settings);
    } catch (DatasetException e) {
      draft.problem(Place.COMMAND_LINE, sentence(e.getMessage()));
    } catch (InvalidPathException e) {
      draft.problem(Place.COMMAND_LINE, "Invalid path: %s.".formatted(e.getMessage()));
    }
    return settings;
  }

  /** Makes a value for which there is no default. */
  <T> Optional<T> make(String text, Function<String, T> maker) {
    Optional<T> none = Optional.empty();
    return with(none, text, (before, given) -> Optional.of(maker.apply(given)));
  }

  /** How settings change by a text. */
  @FunctionalInterface
  interface Change<S> {
    S by(S settings, String text);
  }

  /** {@code 30} or {@code 0.5}. */
  static Duration seconds(String option, String text) {
    Matcher matcher = SECONDS.matcher(text);
    if (!matcher.matches()) {
      throw new DatasetException(
          "Invalid %s: '%s' (expected seconds such as 30 or 0.5)".formatted(option, text));
    }
    String fraction = matcher.group(2) == null ? "0" : matcher.group(2);
    long millis = Long.parseLong((fraction + "00").substring(0, 3));
    return Duration.ofSeconds(Long.parseLong(matcher.group(1))).plusMillis(millis);
  }

  /** A whole number. */
  static int number(String option, String text) {
    if (!text.matches("-?\\d{1,9}")) {
      throw new DatasetException(
          "Invalid %s: '%s' (expected a whole number)".formatted(option, text));
    }
    return Integer.parseInt(text);
  }

  /** {@code 512}, {@code 1GB}, {@code 32Gi}; units are powers of 1024. */
  static long bytes(String option, String text) {
    Matcher matcher = BYTES.matcher(text.toUpperCase(Locale.ROOT).replace("IB", "B"));
    if (!matcher.matches()) {
      throw new DatasetException(
          "Invalid %s: '%s' (expected bytes such as 512MB or 32GB)".formatted(option, text));
    }
    int power = matcher.group(2).isEmpty() ? 0 : UNITS.indexOf(matcher.group(2)) + 1;
    return Long.parseLong(matcher.group(1)) << (10 * power);
  }

  /** {@code NAME=VALUE}, each name once. */
  static Map<String, String> pairs(String option, List<String> texts) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals <= 0 || equals == text.length() - 1) {
        throw new DatasetException(
            "Invalid %s: '%s' (expected NAME=VALUE)".formatted(option, text));
      }
      if (pairs.put(text.substring(0, equals), text.substring(equals + 1)) != null) {
        throw new DatasetException(
            "Invalid %s: '%s' is given twice".formatted(option, text.substring(0, equals)));
      }
    }
    return pairs;
  }

  private static String sentence(String message) {
    return message.endsWith(".") ? message : message + ".";
  }
}
