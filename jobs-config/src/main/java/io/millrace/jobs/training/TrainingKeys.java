package io.millrace.jobs.training;

import java.util.Locale;

/**
 * The settings of a job file that are one text, with the names that {@code ma-cli} has for them.
 */
public enum TrainingKeys {
  NAME,
  DESCRIPTION,
  EXPERIMENT,
  CODE_DIR,
  BOOT_FILE,
  IMAGE("image-url"),
  USER_COMMAND,
  LOCAL_CODE_DIR,
  WORKING_DIR,
  UID,
  FRAMEWORK("framework-type"),
  LAUNCH,
  DEVICE_TYPE,
  NODES("train-instance-count"),
  DEVICES,
  FLAVOR("train-instance-type"),
  POOL("pool-id"),
  PRIORITY,
  AUTO_STOP,
  RETRIES,
  LOG_URL,
  KEEP_LOGS,
  MODE,
  BACKEND;

  private final String cloudWord;

  TrainingKeys() {
    this.cloudWord = word();
  }

  TrainingKeys(String cloudWord) {
    this.cloudWord = cloudWord;
  }

  /** As a job file has it: {@code code-dir}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** As {@code ma-cli} has it. */
  String cloudWord() {
    return cloudWord;
  }
}
