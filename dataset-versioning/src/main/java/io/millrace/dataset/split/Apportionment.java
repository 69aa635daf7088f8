package io.millrace.dataset.split;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Whole numbers in place of the fractions of a table, each rounded down or up, with the sum of each
 * row as it was and the sum of each column rounded down or up: a controlled rounding, which exists
 * for every table.
 *
 * <p>The method (a greedy start, then exchanges along paths) rests on the same fact as that of Cox
 * and Ernst, Controlled Rounding, INFOR 20 (1982): flows in whole units are as good as fractions.
 */
final class Apportionment {
  /** Differences that come of adding fractions. */
  private static final double NOISE = 1e-6;

  private final int columns;
  private final int rows;
  private final int[] rounded;
  private final boolean[] isFraction;
  private final boolean[] isUp;

  /** How much more than the fractions each column has. */
  private final double[] excess;

  private Apportionment(double[] table, int columns) {
    this.columns = columns;
    this.rows = table.length / columns;
    rounded = new int[table.length];
    isFraction = new boolean[table.length];
    isUp = new boolean[table.length];
    excess = new double[columns];
    for (int cell = 0; cell < table.length; cell++) {
      double nearest = Math.rint(table[cell]);
      isFraction[cell] = Math.abs(nearest - table[cell]) > NOISE;
      rounded[cell] = (int) (isFraction[cell] ? Math.floor(table[cell]) : nearest);
      excess[cell % columns] += rounded[cell] - table[cell];
    }
  }

  /**
   * Rounds a table.
   *
   * @param table row by row; the sum of each row is a whole number, no value is negative
   */
  static int[] of(double[] table, int columns) {
    Apportionment apportionment = new Apportionment(table, columns);
    for (int row = 0; row < apportionment.rows; row++) {
      double sum = 0;
      int given = 0;
      for (int column = 0; column < columns; column++) {
        sum += table[row * columns + column];
        given += apportionment.rounded[row * columns + column];
      }
      apportionment.roundUp(row, (int) Math.rint(sum) - given);
    }
    apportionment.balanceColumns();
    return apportionment.rounded;
  }

  /** Gives the units that a row lacks to the columns that lack most. */
  private void roundUp(int row, int units) {
    for (int unit = 0; unit < units; unit++) {
      int poorest = -1;
      for (int column = 0; column < columns; column++) {
        int cell = row * columns + column;
        if (isFraction[cell]
            && !isUp[cell]
            && (poorest < 0 || excess[column] < excess[poorest] - NOISE)) {
          poorest = column;
        }
      }
      give(row, poorest, 1);
    }
  }

  private void give(int row, int column, int unit) {
    int cell = row * columns + column;
    rounded[cell] += unit;
    isUp[cell] = unit > 0;
    excess[column] += unit;
  }

  private void balanceColumns() {
    for (int column = 0; column < columns; column++) {
      boolean isMoved = true;
      while (isMoved && excess[column] >= 1 - NOISE) {
        isMoved = passOn(column);
      }
    }
    for (int column = 0; column < columns; column++) {
      boolean isMoved = true;
      while (isMoved && excess[column] <= NOISE - 1) {
        isMoved = fetchTo(column);
      }
    }
  }

  /** Moves a unit to some column that has too little. */
  private boolean passOn(int rich) {
    int[] from = search(rich);
    for (int column = 0; column < columns; column++) {
      if (column != rich && from[column] >= 0 && excess[column] < -NOISE) {
        move(rich, column, from);
        return true;
      }
    }
    return false;
  }

  /** Moves a unit from some column that has too much. */
  private boolean fetchTo(int poor) {
    for (int column = 0; column < columns; column++) {
      if (column != poor && excess[column] > NOISE) {
        int[] from = search(column);
        if (from[poor] >= 0) {
          move(column, poor, from);
          return true;
        }
      }
    }
    return false;
  }

  /** Breadth first: from which column each can get a unit that starts in one, -1 for none. */
  private int[] search(int start) {
    int[] from = new int[columns];
    Arrays.fill(from, -1);
    from[start] = start;
    ArrayDeque<Integer> queue = new ArrayDeque<>();
    queue.add(start);
    while (!queue.isEmpty()) {
      int giver = queue.remove();
      for (int taker = 0; taker < columns; taker++) {
        if (from[taker] < 0 && rowToMove(giver, taker) >= 0) {
          from[taker] = giver;
          queue.add(taker);
        }
      }
    }
    return from;
  }

  private void move(int start, int end, int[] from) {
    for (int taker = end; taker != start; taker = from[taker]) {
      int row = rowToMove(from[taker], taker);
      give(row, from[taker], -1);
      give(row, taker, 1);
    }
  }

  /** A row that was rounded up in one column and down in the other; -1 for none. */
  private int rowToMove(int giver, int taker) {
    for (int row = 0; row < rows; row++) {
      int cell = row * columns;
      if (isUp[cell + giver] && isFraction[cell + taker] && !isUp[cell + taker]) {
        return row;
      }
    }
    return -1;
  }
}
