package io.millrace.dataset.storage;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * The failures of storage in one sentence each: what its libraries throw spans several lines, ids
 * of requests and classes included.
 */
public final class StorageErrors {
  private StorageErrors() {}

  /**
   * Why a storage of another machine refused or could not be reached, and what to do about it.
   *
   * @return a clause without a full stop at its end; empty where the failure is none of these
   */
  public static Optional<String> reason(Throwable failure) {
    List<Throwable> causes =
        Stream.iterate(failure, each -> each != null, Throwable::getCause).limit(50).toList();
    if (isAny(causes, "NoAuthWithAWSException", "NoAwsCredentialsException")
        || says(causes, "Unable to load credentials from any of the providers")) {
      return Optional.of(
          "no credentials were found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or keep a profile in ~/.aws/credentials (AWS_PROFILE names it)");
    }
    if (isAny(causes, "UnknownStoreException", "NoSuchBucketException")) {
      return Optional.of(
          "there is no such bucket. Check its name, and the endpoint and region that are set");
    }
    if (says(causes, "SignatureDoesNotMatch") || says(causes, "InvalidAccessKeyId")) {
      return Optional.of("the storage does not accept the credentials. Check the access key");
    }
    if (causes.stream().anyMatch(AccessDeniedException.class::isInstance)
        || isAny(causes, "AccessControlException")) {
      return Optional.of(
          "access was refused. Check the credentials, and what they are permitted to do there");
    }
    if (isAny(causes, "AWSRedirectException")) {
      return Optional.of(
          "the bucket lies in another region than the one asked. Set its region, and its endpoint");
    }
    return unreachable(causes).or(() -> badRequest(causes));
  }

  private static Optional<String> unreachable(List<Throwable> causes) {
    for (Throwable cause : causes) {
      if (cause instanceof UnknownHostException || isAny(List.of(cause), "UnknownHostException")) {
        return Optional.of(
            "its host is unknown. Check the endpoint; a storage that does not serve BUCKET.HOST needs path-style addresses");
      }
      if (cause instanceof SSLException) {
        return Optional.of(
            "no secure connection could be made (%s). Check whether the endpoint is https:// or http://"
                .formatted(firstLine(cause)));
      }
      if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
        return Optional.of(
            "nothing answers there (%s). Check the endpoint, and that the storage runs"
                .formatted(firstLine(cause)));
      }
      if (cause instanceof SocketTimeoutException
          || isAny(List.of(cause), "ApiCallTimeoutException", "ApiCallAttemptTimeoutException")) {
        return Optional.of(
            "it did not answer in time. Check the endpoint and the network, then run it again");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> badRequest(List<Throwable> causes) {
    return isAny(causes, "AWSBadRequestException")
        ? Optional.of(
            "the storage found the request invalid. Check that the region fits the endpoint")
        : Optional.empty();
  }

  /**
   * A failure to do something with an address.
   *
   * @param verb as in "Cannot read"
   */
  static IOException failed(String verb, StorageUri address, Exception cause) {
    String why =
        reason(cause).orElseGet(() -> cause.getClass().getSimpleName() + ": " + firstLine(cause));
    return new IOException("Cannot %s %s: %s".formatted(verb, address, why), cause);
  }

  static FileNotFoundException missing(StorageUri object, IOException cause) {
    FileNotFoundException missing =
        new FileNotFoundException("Cannot read %s: %s".formatted(object, cause.getMessage()));
    missing.initCause(cause);
    return missing;
  }

  static IOException noObjectName(StorageUri address) {
    return new IOException(
        "Cannot use %s: its key has an empty, '.' or '..' part between slashes, which S3A cannot address. Copy the object to a key without it."
            .formatted(address));
  }

  static DatasetException notOnFileSystem(StorageUri address) {
    return new DatasetException(
        "Cannot use %s here: it is neither a file system nor an object store".formatted(address));
  }

  static DatasetException invalidEndpoint(String text, Exception cause) {
    return new DatasetException(
        "Invalid endpoint: '%s' (expected https://HOST or http://HOST:PORT, without a path)"
            .formatted(text),
        cause);
  }

  static IOException noObsEndpoint(URI name) {
    return new IOException(
        "Cannot use %s: the endpoint of OBS is not set. Give it with --obs-endpoint or MILLRACE_OBS_ENDPOINT, such as https://obs.cn-north-4.myhuaweicloud.com"
            .formatted(name));
  }

  static DatasetException secretSetting(String name) {
    return new DatasetException(
        "Invalid storage setting: '%s' is a secret, which no command line and no job file may hold. Give credentials by the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), a profile in ~/.aws/credentials, the machine's role or Hadoop's credential file."
            .formatted(name));
  }

  private static boolean isAny(List<Throwable> causes, String... classNames) {
    return causes.stream()
        .map(cause -> cause.getClass().getSimpleName())
        .anyMatch(List.of(classNames)::contains);
  }

  private static boolean says(List<Throwable> causes, String text) {
    return causes.stream().anyMatch(cause -> String.valueOf(cause.getMessage()).contains(text));
  }

  private static String firstLine(Throwable cause) {
    return Optional.ofNullable(cause.getMessage())
        .flatMap(message -> message.strip().lines().findFirst())
        .orElse(cause.getClass().getSimpleName());
  }
}
