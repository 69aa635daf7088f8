package io.millrace.training.kubernetes;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.training.S3Endpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The container that every pod of a job runs.
 *
 * @param image holds bash 4 or later, coreutils, sed and Python with all that the script imports
 * @param shell bash in the image
 * @param python the interpreter in the image: a path, or a name to be found on its PATH
 * @param home stands for ModelArts' home in containers; code and outputs are below it
 * @param masterPort where rank 0 listens; a pod has its own ports, so one serves all jobs
 * @param environment variables for each process, such as {@code NCCL_SOCKET_IFNAME}; no secrets
 * @param secrets names of Secrets of the namespace; their keys become variables
 * @param pullSecrets names of Secrets for pulling the image
 */
public record ContainerSettings(
    String image,
    Path shell,
    String python,
    Path home,
    int masterPort,
    Map<String, String> environment,
    List<String> secrets,
    List<String> pullSecrets,
    Optional<S3Endpoint> objectStore) {

  /** PyTorch's own default. */
  public static final int DEFAULT_MASTER_PORT = 29500;

  public ContainerSettings {
    checkArgument(
        image != null && !image.isBlank() && image.strip().equals(image),
        "Invalid image: '%s' (expected REGISTRY/NAME:TAG)",
        image);
    checkArgument(
        shell.isAbsolute(), "Invalid shell: '%s' (expected the absolute path of bash)", shell);
    checkArgument(python != null && !python.isBlank(), "Invalid python: '%s'", python);
    checkArgument(home.isAbsolute(), "Invalid home: '%s' (expected an absolute path)", home);
    checkArgument(
        masterPort >= 1024 && masterPort <= 65535,
        "Invalid master port: %s (expected 1024 to 65535)",
        masterPort);
    environment = Map.copyOf(environment);
    secrets = List.copyOf(secrets);
    pullSecrets = List.copyOf(pullSecrets);
    requireNonNull(objectStore, "objectStore is null");
  }

  /** ModelArts' home, {@code /bin/bash} and {@code python} in that image. */
  public static ContainerSettings of(String image) {
    return new ContainerSettings(
        image,
        Path.of("/bin/bash"),
        "python",
        Path.of("/home/ma-user"),
        DEFAULT_MASTER_PORT,
        Map.of(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  public ContainerSettings withPython(String newPython) {
    return new ContainerSettings(
        image, shell, newPython, home, masterPort, environment, secrets, pullSecrets, objectStore);
  }

  public ContainerSettings withHome(Path newHome) {
    return new ContainerSettings(
        image, shell, python, newHome, masterPort, environment, secrets, pullSecrets, objectStore);
  }

  public ContainerSettings withEnvironment(Map<String, String> newEnvironment) {
    return new ContainerSettings(
        image, shell, python, home, masterPort, newEnvironment, secrets, pullSecrets, objectStore);
  }

  public ContainerSettings withSecrets(List<String> newSecrets, List<String> newPullSecrets) {
    return new ContainerSettings(
        image,
        shell,
        python,
        home,
        masterPort,
        environment,
        newSecrets,
        newPullSecrets,
        objectStore);
  }

  public ContainerSettings withObjectStore(S3Endpoint endpoint) {
    return new ContainerSettings(
        image,
        shell,
        python,
        home,
        masterPort,
        environment,
        secrets,
        pullSecrets,
        Optional.of(endpoint));
  }
}
