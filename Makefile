# What one does with this package; `make help` lists the targets.

SWIFT   ?= swift
PYTHON  ?= python3
PREFIX  ?= /usr/local
DESTDIR ?=

HFGD   = .build/release/hfgd
MODEL  = samples/models/hfgd-mobilenet_v2-camvid.safetensors
SCENES = samples/scenes/val
STAGE  = .build-install/stage

.PHONY: build demo test test-python kill-test walk-presets lint format bench sanitize fuzz stage install uninstall clean help \
  toolchain dependencies

build: dependencies ## build for release (.build/release/hfgd)
	@$(SWIFT) build -c release --product hfgd

demo: build ## segment the sample scenes and show one of them
	@$(HFGD) predict $(MODEL) $(SCENES) -o out/demo
	@$(HFGD) view $(MODEL) $(SCENES)/scene-1.jpg
	@echo "All eight overlays are in out/demo; $(HFGD) --help tells what else there is."

test: dependencies ## build and run all tests
	@$(SWIFT) build --build-tests
	@$(SWIFT) test --skip-build --disable-xctest --quiet

test-python: build ## test the PyTorch package, and hfgd against it, with PYTHON that has its extra "test"
	@$(PYTHON) -m ruff check python && $(PYTHON) -m ruff format --check python
	@$(PYTHON) -m pytest -c python/pyproject.toml python/tests

kill-test: dependencies ## kill a training at 20 random moments: it ends in the same bytes
	@$(SWIFT) build --build-tests
	@HFGD_KILLS=20 $(SWIFT) test --skip-build --disable-xctest --filter killedAtRandomMoments

walk-presets: dependencies ## predict, count, explore and train a step with every preset (two minutes)
	@$(SWIFT) build --build-tests
	@HFGD_PRESETS=all $(SWIFT) test --skip-build --disable-xctest --filter "PresetTests|PresetStepTests"

lint: toolchain ## check the style of all sources
	@$(SWIFT) format lint --strict --parallel --recursive Sources Tests Package.swift
	@echo "lint: nothing to change"

format: toolchain ## rewrite all sources in the style
	@$(SWIFT) format --in-place --parallel --recursive Sources Tests Package.swift

bench: build ## measure HFGD OS=4 on ResNet-50-beta at 513x513
	@$(HFGD) bench hfgd-resnet50_beta-os4 --random 1 --size 513x513

# Left out is what crashes on purpose, limits the size of files for the sanitizer too, or has a terminal's deadlines.
SANITIZED = --skip 'LeavingSession|BrowsingSession|ColourSession|aFullDiskLosesNothing|disksThatRefuse'

# Leaks are not looked for: Swift's runtime keeps its metadata until the process ends. The default linker, gold,
# warns of the address sanitizer's own symbols. Kernels in C call the checks instead of having them inline, which
# compiles in minutes instead of an hour.
sanitize: dependencies ## run all tests under the address, then the thread sanitizer
	@echo "Building with the address sanitizer"
	@ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test --sanitize address --scratch-path .build-asan \
	  -Xswiftc -use-ld=lld -Xcc -fsanitize-address-outline-instrumentation \
	  --disable-xctest --quiet $(SANITIZED)
	@echo "Building with the thread sanitizer"
	@$(SWIFT) test --sanitize thread --scratch-path .build-tsan \
	  -Xswiftc -use-ld=lld --disable-xctest --quiet $(SANITIZED)

READER  ?= torch
SECONDS ?= 600

# One of: safetensors, pickle, zip, npz, torch, png, jpeg, configuration. What is found stays in .build-fuzz/READER.
fuzz: dependencies ## fuzz READER for SECONDS with coverage and the address sanitizer
	@HFGD_FUZZ=1 $(SWIFT) build -c release --product Fuzz --scratch-path .build-fuzz \
	  --sanitize fuzzer --sanitize address -Xswiftc -sanitize=fuzzer,address \
	  -Xswiftc -enable-testing -Xswiftc -use-ld=lld \
	  -Xcc -fsanitize-address-outline-instrumentation
	@mkdir -p .build-fuzz/$(READER)
	@HFGD_FUZZ_READER=$(READER) ASAN_OPTIONS=detect_leaks=0 .build-fuzz/release/Fuzz \
	  -max_total_time=$(SECONDS) -timeout=10 -rss_limit_mb=2048 -malloc_limit_mb=1024 \
	  -artifact_prefix=.build-fuzz/$(READER)- .build-fuzz/$(READER) Tests/fuzz/corpus/$(READER)

stage: dependencies ## build what install copies, into .build-install/stage
	@SWIFT="$(SWIFT)" scripts/stage $(STAGE)

# Root often has no Swift: what the user staged is then installed as it is.
install: ## install into PREFIX (/usr/local), below DESTDIR
	@if command -v "$(SWIFT)" >/dev/null || [ ! -d $(STAGE) ]; then \
	  $(MAKE) --no-print-directory stage; \
	fi
	@scripts/install $(STAGE) "$(DESTDIR)$(PREFIX)"

uninstall: ## remove what install put into PREFIX, below DESTDIR
	@scripts/uninstall "$(DESTDIR)$(PREFIX)"

clean: ## remove everything that was built
	@rm -rf .build .build-install .build-asan .build-tsan .build-fuzz out/demo

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  \1	/p' Makefile | expand -t 14

toolchain:
	@command -v "$(SWIFT)" >/dev/null || { \
	  echo "hfgd: there is no $(SWIFT); install Swift 6.3 (https://www.swift.org/install)" \
	    "or say where it is: make SWIFT=/path/to/swift" >&2; \
	  exit 1; \
	}

dependencies: toolchain
	@scripts/install-dependencies
