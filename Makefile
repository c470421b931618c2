# Short words for people; Meson and Ninja do the work.
PORT = 8080

all: build/whs

build/whs: FORCE
	@tools/install.sh build
	@tools/build.sh build

run: all
	@mkdir -p build/demo
	@if test -f build/demo/whs.db; then build/whs demo --logins; else build/whs --db sqlite:build/demo/whs.db demo; fi
	@exec build/whs --db sqlite:build/demo/whs.db serve --listen 127.0.0.1:$(PORT)

test:
	@tools/install.sh test
	@tests/run.sh

test-long:
	@tools/install.sh test
	@tests/run.sh long

bench: all
	@bench/run.sh
	@bench/engines.sh
	@bench/offices.sh

clean:
	rm -rf build build-asan build-clang

FORCE:
.PHONY: all run test test-long bench clean FORCE
