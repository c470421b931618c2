# Short words for people; Meson and Ninja do the work.
all: ; @tools/install.sh build && tools/build.sh build
.PHONY: all
