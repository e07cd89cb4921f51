# Which actor runtime this checkout builds on (sourced by ./kv and eng/test). See eng/ActorRuntime.props for the order.
#
#   actor_runtime         prints it; never probes
#   probe_actor_runtime   finds out whether the Akka.NET packages can be restored, and writes artifacts/actor-runtime:
#                         line 1 the runtime, line 2 when it was probed (seconds since 1970)
#   simulation_runtime    the one runtime that the simulator can stand on

readonly simulation_runtime=Troupe

actor_runtime() {
  if [[ -n ${ActorRuntime:-} ]]; then echo "$ActorRuntime"
  elif [[ -s artifacts/actor-runtime ]]; then head -n 1 artifacts/actor-runtime
  else echo Troupe; fi
}

probe_actor_runtime() { # [--probe]: even when a recent answer is there
  [[ -z ${ActorRuntime:-} ]] || return 0
  if [[ -s artifacts/actor-runtime && ${1:-} != --probe ]]; then
    local runtime when
    { read -r runtime; read -r when || when=0; } < artifacts/actor-runtime
    # a success stays; a failure is asked again after a day, for the packages may have become reachable
    [[ $runtime == Akka || $(( $(date +%s) - ${when:-0} )) -lt 86400 ]] && return 0
  fi
  mkdir -p artifacts
  echo "kv: looking for the Akka.NET packages (at most 30 s)" >&2
  local runtime=Troupe
  if timeout 30 dotnet restore eng/probe/Probe.csproj --packages artifacts/probe/packages -v quiet -nologo >artifacts/probe.log 2>&1
  then runtime=Akka; fi
  printf '%s\n%s\n' "$runtime" "$(date +%s)" > artifacts/actor-runtime
  echo "kv: building on $runtime (artifacts/actor-runtime; ./kv --probe asks again)" >&2
}
