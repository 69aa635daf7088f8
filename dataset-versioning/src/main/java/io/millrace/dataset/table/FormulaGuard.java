package io.millrace.dataset.table;

/**
 * Whether CSV files are written so that no spreadsheet takes a text of theirs for a formula.
 *
 * <p>As ModelArts does it, a text that begins with {@code =}, {@code +}, {@code -} or {@code @}
 * gets a tab in front. So does one that begins with tabs and then one of these: it loses nothing to
 * the reader that takes one tab away from each text that looks so, and every text comes back as it
 * was.
 *
 * <p>Only texts are guarded. The values of a column of numbers cannot be commands, and {@code -5}
 * with a tab in front were no number any more.
 */
public enum FormulaGuard {
  /** Texts get the tab when written, and lose it when read. */
  ON {
    @Override
    public String guarded(String text) {
      return isCommand(text) ? TAB + text : text;
    }

    @Override
    public String unguarded(String text) {
      return !text.isEmpty() && text.charAt(0) == TAB && isCommand(text) ? text.substring(1) : text;
    }
  },
  /** Texts are written and read as they stand. */
  OFF {
    @Override
    public String guarded(String text) {
      return text;
    }

    @Override
    public String unguarded(String text) {
      return text;
    }
  };

  private static final char TAB = '\t';

  /** The text as a file shall hold it. */
  public abstract String guarded(String text);

  /** The text that was written as this one: {@code unguarded(guarded(x))} equals {@code x}. */
  public abstract String unguarded(String text);

  /** Whether a text begins, tabs aside, as a formula does. */
  private static boolean isCommand(String text) {
    int start = 0;
    while (start < text.length() && text.charAt(start) == TAB) {
      start++;
    }
    return start < text.length() && "=+-@".indexOf(text.charAt(start)) >= 0;
  }
}
