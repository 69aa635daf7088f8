package io.millrace.jobs.cli;

import io.millrace.dataset.storage.StorageSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * Storage settings of the whole process, where Delta, Spark and our own storage read them alike.
 */
final class ProcessStorage {
  private ProcessStorage() {}

  /**
   * Runs a command with settings of Hadoop's file systems on top of the process's own, which are
   * there again afterwards.
   *
   * @return what the command returns
   */
  static int during(Map<String, String> settings, IntSupplier command) {
    Map<String, String> before = new HashMap<>();
    settings.forEach(
        (name, value) -> {
          String property = StorageSettings.SYSTEM_PREFIX + name;
          before.put(property, System.getProperty(property));
          System.setProperty(property, value);
        });
    try {
      return command.getAsInt();
    } finally {
      before.forEach(ProcessStorage::restore);
    }
  }

  private static void restore(String property, String value) {
    if (value == null) {
      System.clearProperty(property);
    } else {
      System.setProperty(property, value);
    }
  }
}
