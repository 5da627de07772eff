# syntax=docker/dockerfile:1
# occbench, and k6 with the extension, in one image without a shell.
#
#   docker run --rm occbench validate --duration 30s
#   docker run --rm -v "$PWD/load_test_results:/work/load_test_results" occbench validate --target … --allow-host …
#
# Both have the name k6 too. The k6-operator needs a shell beside it, to make its
# archive: docker build --target k6-operator --tag occbench-k6 .
FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
WORKDIR /src
COPY . .
ARG VERSION=dev
ARG TARGETOS
ARG TARGETARCH
# Without cgo the program needs nothing of the image that it runs in.
ENV CGO_ENABLED=0
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/usr/bin/occbench ./cmd/occbench
# The last stages have no shell to make the folder of the run directories. Their
# own /tmp, which anybody may write, holds the bundled server's store.
RUN ln -s occbench /out/usr/bin/k6 && mkdir -p /out/work/load_test_results

FROM gcr.io/distroless/static-debian12:debug-nonroot AS k6-operator
COPY --from=build /out/usr/bin/ /usr/bin/
COPY --from=build --chown=65532:65532 /out/work/ /work/
WORKDIR /work
USER 65532:65532
ENTRYPOINT ["/usr/bin/k6"]

FROM gcr.io/distroless/static-debian12:nonroot AS occbench
COPY --from=build /out/usr/bin/ /usr/bin/
COPY --from=build --chown=65532:65532 /out/work/ /work/
WORKDIR /work
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/usr/bin/occbench"]
CMD ["--help"]
