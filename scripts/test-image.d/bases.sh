# Makes the base images of scripts/test-image, one for the build and one for the runtime. Copies the JDK and Maven of this
# machine to $WORK.
# shellcheck shell=bash

# Prints the folder of the JDK with the highest version.
newest_jdk() {
  local folder
  for folder in ${JAVA_HOME:+"$JAVA_HOME"} /usr/lib/jvm/*; do
    [[ ! -x $folder/bin/jlink || ! -f $folder/release ]] ||
      printf '%s %s\n' "$(sed -n 's/^JAVA_VERSION="\(.*\)"$/\1/p' "$folder/release")" "$folder"
  done | sort --version-sort | tail -n 1 | cut -d' ' -f2-
}

# Follows links, because distributions keep parts of the JDK and of Maven in other folders.
copy_tools() {
  local maven
  mkdir "$WORK/jdk" "$WORK/maven"
  tar --create --dereference --exclude=src.zip --directory "$JDK" . | tar --extract --directory "$WORK/jdk"
  maven=$(mvn --version | sed -n 's/.*Maven home: //p')
  tar --create --dereference --directory "$maven" . | tar --extract --directory "$WORK/maven"
  note "the JDK of $JDK, and the Maven of $maven"
}

# Prints the URL from which apt gets the packages of this machine.
mirror() { # code name
  # shellcheck disable=SC2016 # apt-get fills in the values.
  apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(SITE)' 'Identifier: Packages' | awk -v name="$1" \
    '$1 == name && $2 == "main" { print $3; exit }'
}

make_debian() { # folder
  local name site
  name=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  site=$(mirror "$name")
  note "debootstrap $name from ${site:-its own mirror}"
  debootstrap --variant=minbase --include=ca-certificates,tzdata "$name" "$1" ${site:+"$site"} >"$WORK/debootstrap.log" 2>&1 ||
    fail "debootstrap failed: $(tail -n 20 "$WORK/debootstrap.log")"
}

# Prints the files of a distroless image: the C library, zlib, certificates, time zones and a locale, but no programs.
runtime_files() {
  cat var/lib/dpkg/info/{libc6,zlib1g}*.list | sed -E 's,^/(lib|lib64)(/|$),/usr/\1\2,; s,^,.,' | grep -v /share/doc
  printf '%s\n' ./lib ./lib64 ./etc/ssl/certs/ca-certificates.crt ./etc/os-release ./usr/lib/os-release ./etc/nsswitch.conf
  find ./usr/lib/locale/C.* ./usr/share/zoneinfo
}

ensure_bases() {
  local debian=$WORK/debian
  copy_tools
  if podman image exists "$BASE:build" && podman image exists "$BASE:runtime"; then
    note "podman has both images"
    return
  fi
  make_debian "$debian"
  tar --create --directory "$debian" . | podman import --quiet --change 'ENV JAVA_HOME=/opt/jdk' \
    --change 'ENV PATH=/opt/jdk/bin:/opt/maven/bin:/usr/sbin:/usr/bin:/sbin:/bin' - "$BASE:build" >/dev/null
  (cd "$debian" && runtime_files | sort -u | tar --create --no-recursion --files-from -) |
    podman import --quiet - "$BASE:runtime" >/dev/null
}
