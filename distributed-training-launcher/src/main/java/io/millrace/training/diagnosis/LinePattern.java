package io.millrace.training.diagnosis;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression to be found in lines. The effort for one line is bounded: a pattern that
 * backtracks without end counts as not found, and a line without the text that every match holds is
 * not tried at all.
 */
public final class LinePattern {
  /** Characters looked at in one line; those of the shipped catalogue need a few thousand. */
  private static final int EFFORT = 200_000;

  private final Pattern pattern;
  private final String required;

  private LinePattern(Pattern pattern) {
    this.pattern = pattern;
    this.required = requiredText(pattern.pattern());
  }

  /**
   * Compiles.
   *
   * @param regex of {@link Pattern}
   * @throws PatternSyntaxException if it is none
   */
  public static LinePattern of(String regex) {
    return new LinePattern(Pattern.compile(regex));
  }

  /** Whether the line, or a part of it, matches. */
  public boolean isIn(String line) {
    if (!line.contains(required)) {
      return false;
    }
    try {
      return pattern.matcher(new CountedText(line, 0, line.length(), new Effort())).find();
    } catch (EffortExceeded e) {
      return false;
    }
  }

  /** The regular expression. */
  @Override
  public String toString() {
    return pattern.pattern();
  }

  /**
   * The longest text that stands in every match, as far as it stands outside of groups and classes;
   * the empty text if that cannot be told simply.
   */
  static String requiredText(String regex) {
    String longest = "";
    StringBuilder run = new StringBuilder();
    int depth = 0;
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      boolean plain = false;
      switch (c) {
        case '\\' -> {
          i++;
          c = regex.charAt(i);
          plain = !Character.isLetterOrDigit(c);
          if (!plain && "dDwWsSbB".indexOf(c) < 0) {
            return "";
          }
        }
        case '[' -> i = endOfClass(regex, i);
        case '(' -> {
          if (regex.startsWith("(?", i) && isFlag(regex, i + 2)) {
            return "";
          }
          depth++;
        }
        case ')' -> depth--;
        case '|' -> {
          if (depth == 0) {
            return "";
          }
        }
        case '{' -> i = Math.max(i, regex.indexOf('}', i));
        default -> plain = "^$.*+?".indexOf(c) < 0;
      }
      boolean optional = i + 1 < regex.length() && "*?{".indexOf(regex.charAt(i + 1)) >= 0;
      if (plain && depth == 0 && !optional) {
        run.append(c);
      } else {
        longest = longer(longest, run);
        run.setLength(0);
      }
    }
    return longer(longest, run);
  }

  private static boolean isFlag(String regex, int at) {
    return at < regex.length() && (Character.isLetter(regex.charAt(at)) || regex.charAt(at) == '-');
  }

  /** The place of the bracket that closes the class which begins there. */
  private static int endOfClass(String regex, int start) {
    int depth = 0;
    for (int i = start; i < regex.length(); i++) {
      switch (regex.charAt(i)) {
        case '\\' -> i++;
        case '[' -> depth++;
        case ']' -> {
          depth--;
          if (depth == 0) {
            return i;
          }
        }
        default -> {}
      }
    }
    return regex.length() - 1;
  }

  private static String longer(String longest, StringBuilder run) {
    return run.length() > longest.length() ? run.toString() : longest;
  }

  /** A text that allows to be looked at so often and no more. */
  private record CountedText(String text, int start, int end, Effort effort)
      implements CharSequence {
    @Override
    public int length() {
      return end - start;
    }

    @Override
    public char charAt(int index) {
      effort.add();
      return text.charAt(start + index);
    }

    @Override
    public CharSequence subSequence(int from, int to) {
      return new CountedText(text, start + from, start + to, effort);
    }

    @Override
    public String toString() {
      return text.substring(start, end);
    }
  }

  private static final class Effort {
    private int looks;

    void add() {
      looks++;
      if (looks > EFFORT) {
        throw new EffortExceeded();
      }
    }
  }

  private static final class EffortExceeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EffortExceeded() {
      super("The pattern backtracks too often", null, false, false);
    }
  }
}
