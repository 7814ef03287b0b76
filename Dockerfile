# The image of the service: a Java runtime with the native cryptography, the jar, and a class archive for a fast start-up. The
# image needs no writable folder, not even /tmp. The build runs no tests: .ci/run does. This file uses only syntax that every image
# builder supports.
#
# You can replace both base images. Pin them by digest for repeatable builds:
#   docker build --build-arg BUILD_IMAGE=maven@sha256:… --build-arg RUNTIME_IMAGE=debian@sha256:… .
# BUILD_IMAGE needs a JDK (17 or later) of the platform that runs the image, Maven, and bash.
ARG BUILD_IMAGE=maven:3.9-eclipse-temurin-25
# RUNTIME_IMAGE needs glibc, because the native cryptography does not load on musl, and zlib if the JDK has none of its own. It
# needs no shell: a distroless base saves 80 MB.
ARG RUNTIME_IMAGE=debian:12-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
# A layer with the libraries and plugins of Maven, which stays cached until pom.xml changes. Building one empty interface downloads
# them all. The repository has its own folder, because the base image may declare Maven's usual folder a volume, which keeps nothing.
COPY .mvn .mvn
COPY pom.xml ./
RUN mkdir -p src/main/java && echo 'package empty; interface Empty {}' >src/main/java/Empty.java \
    && mvn -B -q -Dmaven.repo.local=/repository -Pimage -Dmaven.test.skip -Dmaven.shade.skip package \
    && rm -r src target

# The modules that jdeps finds in the jar, without unused ones, plus the flight recorder for operators. The class archive of the
# service also has the classes of Java, so the runtime needs no archive of its own.
RUN jlink --output /opt/jre --no-header-files --no-man-pages \
      --add-options=-Dcom.amazon.corretto.crypto.provider.useExternalLib=true --add-modules \
      java.base,java.desktop,java.instrument,java.management,java.naming,java.security.jgss,java.sql,jdk.crypto.cryptoki,jdk.crypto.ec,jdk.jfr,jdk.management,jdk.net,jdk.unsupported

COPY config.yml config.schema.json openapi.json ./
COPY src/main src/main
# The commit, for the log and the label: docker build --build-arg REVISION=$(git rev-parse HEAD) .
ARG REVISION=unknown
RUN mvn -B -q -Dmaven.repo.local=/repository -Pimage -Dmaven.test.skip -Dcommit=${REVISION} package

# Puts the service at its final path, because a class archive works only with the same jar, path and Java. Files of the checkout can
# be private to a user. In the image, everybody may read them.
COPY scripts/train-archive scripts/
COPY ops/image/jvm.options LICENSE /opt/token-service/
RUN cp target/native/* /opt/jre/lib/ \
    && cp target/token-service.jar target/token-service-sbom.json config.yml config.schema.json openapi.json /opt/token-service/ \
    && JAVA_HOME=/opt/jre bash scripts/train-archive /opt/token-service >archive.options \
    && cat archive.options >>/opt/token-service/jvm.options \
    && chmod -R u=rwX,go=rX /opt/jre /opt/token-service

FROM ${RUNTIME_IMAGE}
COPY --from=build /opt/jre /opt/jre
COPY --from=build /opt/token-service /opt/token-service
WORKDIR /opt/token-service
# Names of files and values of variables are UTF-8.
ENV LANG=C.UTF-8
# A number, so that Kubernetes can see that it is not root.
USER 10001:10001
EXPOSE 8080 8443
ENTRYPOINT ["/opt/jre/bin/java", "@jvm.options", "-jar", "token-service.jar"]
CMD ["server", "config.yml"]
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Token Service" \
      org.opencontainers.image.description="Turns X.509 client certificates into short-lived OIDC ID tokens and Google Cloud access tokens." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"
