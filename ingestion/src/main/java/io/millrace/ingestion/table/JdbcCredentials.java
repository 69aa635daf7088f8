package io.millrace.ingestion.table;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;

/** Who reads a database. Never part of a job file, an address, a report or a log. */
public record JdbcCredentials(Optional<String> user, Optional<String> password) {
  /** The environment variable that holds the user. */
  public static final String USER = "MILLRACE_JDBC_USER";

  /** The environment variable that holds the password. */
  public static final String PASSWORD = "MILLRACE_JDBC_PASSWORD";

  /** For a database that asks nobody. */
  public static final JdbcCredentials NONE =
      new JdbcCredentials(Optional.empty(), Optional.empty());

  public JdbcCredentials {
    requireNonNull(user, "user is null");
    requireNonNull(password, "password is null");
  }

  public static JdbcCredentials of(Map<String, String> environment) {
    return new JdbcCredentials(
        Optional.ofNullable(environment.get(USER)), Optional.ofNullable(environment.get(PASSWORD)));
  }

  @Override
  public String toString() {
    return "JdbcCredentials[***]";
  }
}
