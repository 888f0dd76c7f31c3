#!/usr/bin/env bash
# Runs tests on an x86 processor that has AVX2 and no VNNI, by Debian's qemu-user, which emulates no more than that.
# There ONNX Runtime would cut off sums of bytes (src/runtime/processor.ts). Takes root, on Linux, for a /proc/cpuinfo
# that does not list what the machine's own processor can do. About thirty times slower than the processor itself.
#
#   scripts/test-without-vnni.sh test/models/graph/quantise.test.ts
set -euo pipefail
cd "$(dirname "$0")/.."
cpuinfo=$(mktemp)
trap 'rm -f "$cpuinfo"' EXIT
sed 's/ *[a-z0-9_]*avx512[a-z0-9_]*//g; s/ avx_vnni[a-z0-9_]*//g; s/ amx_[a-z0-9]*//g' /proc/cpuinfo > "$cpuinfo"
# One process, since the processes that it starts are not emulated.
unshare --mount bash -c 'mount --bind "$0" /proc/cpuinfo && exec qemu-x86_64 -cpu max "$@"' "$cpuinfo" \
  "$(command -v node)" node_modules/vitest/vitest.mjs run --pool threads "$@"
