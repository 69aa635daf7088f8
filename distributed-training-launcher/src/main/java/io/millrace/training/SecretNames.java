package io.millrace.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Finds settings that look like secrets. A job is stored and shown as plain text, and command lines
 * are visible to every user of a machine, so a secret has no place in it.
 *
 * <p>Names such as {@code tokenizer}, {@code max_tokens} or {@code pad_token} are no secrets.
 */
public final class SecretNames {
  private static final Pattern NAME =
      Pattern.compile(
          "(^|.*[_-])(password|passwd|secret|secret[_-]?key|secret[_-]?access[_-]?key|access[_-]?key"
              + "|access[_-]?key[_-]?id|api[_-]?key|private[_-]?key|credentials?"
              + "|(access|auth|api|bearer|hf|github|session)[_-]?token)");
  private static final Pattern VALUE =
      Pattern.compile(
          "(AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,}|hf_[A-Za-z0-9]{30,}"
              + "|-----BEGIN [A-Z ]*PRIVATE KEY-----|eyJ[\\w-]{10,}\\.eyJ[\\w-]{10,}\\.[\\w-]+");

  private SecretNames() {}

  /** The settings that look like secrets, a sentence each. */
  public static List<String> problems(
      List<Hyperparameter> parameters, Map<String, String> environment) {
    List<String> problems = new ArrayList<>();
    for (Hyperparameter parameter : parameters) {
      if (isSecret(parameter.name(), parameter.value().orElse(""))) {
        problems.add(problem("parameter", parameter.name()));
      }
    }
    environment.forEach(
        (name, value) -> {
          if (isSecret(name, value)) {
            problems.add(problem("environment variable", name));
          }
        });
    return problems;
  }

  /** Whether a text holds what is known to be a key or a token. */
  static boolean isSecretText(String text) {
    return VALUE.matcher(text).find();
  }

  private static boolean isSecret(String name, String value) {
    return (!value.isEmpty() && NAME.matcher(name.toLowerCase(Locale.ROOT)).matches())
        || isSecretText(value);
  }

  private static String problem(String kind, String name) {
    return ("Invalid %s: '%s' looks like a secret, and a job is stored as plain text. Let the script"
            + " read it from a file or from the environment that the launcher itself is started in.")
        .formatted(kind, name);
  }
}
