package io.millrace.training.local

import java.util.{Map => JMap}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

class LocalEnvironmentSuite extends AnyFunSuite {

  test("local environment - four processes on two cores - compute with one thread over loopback") {
    assert(
      LocalEnvironment.of(JMap.of(), 2, 4).asScala === Map(
        "PYTHONUNBUFFERED" -> "1",
        "OMP_NUM_THREADS" -> "1",
        "GLOO_SOCKET_IFNAME" -> "lo",
        "NCCL_SOCKET_IFNAME" -> "lo"
      )
    )
    assert(LocalEnvironment.of(JMap.of(), 16, 4).get("OMP_NUM_THREADS") === "4")
  }

  test("local environment - what the launcher's environment sets - stays") {
    val inherited = JMap.of("OMP_NUM_THREADS", "3", "PYTHONPATH", "/site", "HOME", "/root")
    val environment = LocalEnvironment.of(inherited, 16, 2)
    assert(environment.get("OMP_NUM_THREADS") === "3")
    assert(environment.get("PYTHONPATH") === "/site")
    assert(!environment.containsKey("HOME"))
  }
}

object LocalEnvironmentNames {
  def all: Set[String] = LocalEnvironment.of(JMap.of(), 1, 1).keySet.asScala.toSet
}
