package io.millrace.jobs.cli;

import io.millrace.jobs.training.Backend;
import io.millrace.jobs.training.TrainingDraft;
import io.millrace.jobs.training.TrainingDraft.Place;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/**
 * The options of {@code train submit} that are about how a run is launched: fields of the option
 * groups, each a text, a list of texts or a flag, so that a file can give them as well.
 */
final class BackendOptionTable {
  private static final String PREFIX = "--";

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private record Entry(Object group, Field field, Set<Backend> heeding) {}

  /** The table of some option groups. */
  BackendOptionTable(Object... groups) {
    for (Object group : groups) {
      for (Field field : group.getClass().getDeclaredFields()) {
        Option option = field.getAnnotation(Option.class);
        if (option != null) {
          OfBackends some = field.getAnnotation(OfBackends.class);
          Set<Backend> heeding = Set.of(some == null ? Backend.values() : some.value());
          String word = option.names()[0].substring(PREFIX.length());
          entries.put(word, new Entry(group, field, heeding));
        }
      }
    }
  }

  /** The options that a back end heeds, without hyphens before them. */
  Set<String> words(Backend backend) {
    return entries.entrySet().stream()
        .filter(entry -> entry.getValue().heeding().contains(backend))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Makes a problem of each option of the command line that the back end does not heed. */
  void refuseOthers(Backend backend, ParseResult parsed, TrainingDraft draft) {
    entries.forEach(
        (word, entry) -> {
          if (!entry.heeding().contains(backend) && isGiven(word, parsed)) {
            draft.problem(
                Place.COMMAND_LINE,
                "Invalid options: %s%s is for %s, and the back end is %s (leave it out, or choose another --backend)."
                    .formatted(
                        PREFIX,
                        word,
                        Arrays.stream(Backend.values())
                            .filter(entry.heeding()::contains)
                            .map(Backend::word)
                            .collect(Collectors.joining(", ")),
                        backend.word()));
          }
        });
  }

  /** Gives options values, unless the command line has given them some. */
  void preset(Map<String, List<String>> values, ParseResult parsed, TrainingDraft draft) {
    Map<String, List<String>> others = new LinkedHashMap<>(values);
    others.keySet().removeIf(word -> isGiven(word, parsed));
    preset(others, draft);
  }

  /** Gives options values; those that are not in this table are passed over. */
  void preset(Map<String, List<String>> values, TrainingDraft draft) {
    values.forEach(
        (word, texts) -> {
          if (entries.containsKey(word)) {
            set(word, entries.get(word), texts, draft);
          }
        });
  }

  /** The options of a back end that have values, wherever these were given. */
  Map<String, List<String>> given(Backend backend) {
    Map<String, List<String>> given = new LinkedHashMap<>();
    for (String word : words(backend)) {
      List<String> values = valuesOf(entries.get(word));
      if (!values.isEmpty()) {
        given.put(word, values);
      }
    }
    return given;
  }

  private static boolean isGiven(String word, ParseResult parsed) {
    return parsed.hasMatchedOption(PREFIX + word);
  }

  private static void set(String word, Entry entry, List<String> texts, TrainingDraft draft) {
    Class<?> type = entry.field().getType();
    try {
      if (type == List.class) {
        entry.field().set(entry.group(), texts);
      } else if (texts.size() != 1
          || (type == boolean.class && !texts.get(0).matches("true|false"))) {
        draft.problem(
            Place.COMMAND_LINE,
            "Invalid %s: %s (expected %s)."
                .formatted(word, texts, type == boolean.class ? "true or false" : "one text"));
      } else if (type == boolean.class) {
        entry.field().setBoolean(entry.group(), Boolean.parseBoolean(texts.get(0)));
      } else {
        entry.field().set(entry.group(), texts.get(0));
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("Fields of option groups are open to this package", e);
    }
  }

  private static List<String> valuesOf(Entry entry) {
    try {
      Object value = entry.field().get(entry.group());
      if (value instanceof List<?> list) {
        List<String> texts = new ArrayList<>();
        list.forEach(each -> texts.add(each.toString()));
        return texts;
      }
      return value == null || Boolean.FALSE.equals(value) ? List.of() : List.of(value.toString());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("Fields of option groups are open to this package", e);
    }
  }
}
