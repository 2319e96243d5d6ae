// What ITK takes for the tasks of `npm run bench`: reads one task a line, answers "result milliseconds number".
#include <chrono>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>
#include "itkBinaryFillholeImageFilter.h"
#include "itkBinaryMorphologicalClosingImageFilter.h"
#include "itkBinaryThresholdImageFilter.h"
#include "itkConnectedComponentImageFilter.h"
#include "itkFlatStructuringElement.h"
#include "itkImage.h"
#include "itkImageRegionConstIterator.h"
#include "itkImportImageFilter.h"
#include "itkSignedMaurerDistanceMapImageFilter.h"

using Ct = itk::Image<short, 3>;
using Mask = itk::Image<unsigned char, 3>;
using Labels = itk::Image<unsigned int, 3>;
using Distance = itk::Image<float, 3>;

template <typename Image>
typename Image::Pointer load(const char *file, itk::SizeValueType columns, itk::SizeValueType rows, itk::SizeValueType slices) {
  auto image = Image::New();
  image->SetRegions(typename Image::RegionType({{0, 0, 0}}, {{columns, rows, slices}}));
  image->Allocate();
  std::ifstream(file, std::ios::binary)
      .read(reinterpret_cast<char *>(image->GetBufferPointer()), columns * rows * slices * sizeof(typename Image::PixelType));
  return image;
}

size_t count(const Mask *mask) {
  size_t set = 0;
  const size_t voxels = mask->GetBufferedRegion().GetNumberOfPixels();
  for (size_t n = 0; n < voxels; n++) set += mask->GetBufferPointer()[n] != 0;
  return set;
}

int main(int, char **argv) {
  const auto ct = load<Ct>(argv[1], 512, 512, 400);
  const auto crop = load<Mask>(argv[2], 300, 300, 250);
  std::cout << "ready" << std::endl;
  std::string task;
  while (std::getline(std::cin, task)) {
    const auto started = std::chrono::steady_clock::now();
    double elapsedMs = 0;
    const auto stop = [&] { elapsedMs = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started).count(); };
    double result = 0;
    if (task == "cement" || task == "bone") {
      auto threshold = itk::BinaryThresholdImageFilter<Ct, Mask>::New();
      threshold->SetInput(ct);
      threshold->SetLowerThreshold(task == "cement" ? 901 : 201);
      threshold->SetInsideValue(1);
      threshold->SetOutsideValue(0);
      auto parts = itk::ConnectedComponentImageFilter<Mask, Labels>::New();
      parts->SetInput(threshold->GetOutput());
      parts->FullyConnectedOn();
      parts->Update();
      stop();
      result = parts->GetObjectCount();
    } else if (task == "closing") {
      using Ball = itk::FlatStructuringElement<3>;
      auto closing = itk::BinaryMorphologicalClosingImageFilter<Mask, Mask, Ball>::New();
      closing->SetInput(crop);
      closing->SetKernel(Ball::Ball({{3, 3, 3}}, true));
      closing->SetForegroundValue(1);
      closing->Update();
      stop();
      result = count(closing->GetOutput());
    } else if (task == "distance") {
      auto distance = itk::SignedMaurerDistanceMapImageFilter<Mask, Distance>::New();
      distance->SetInput(crop);
      distance->SquaredDistanceOff();
      distance->Update();
      stop();
      const float *mm = distance->GetOutput()->GetBufferPointer();
      for (size_t n = 0; n < crop->GetBufferedRegion().GetNumberOfPixels(); n++)
        if (mm[n] > result) result = mm[n];
    } else if (task == "fill") {
      auto fill = itk::BinaryFillholeImageFilter<Mask>::New();
      fill->SetInput(crop);
      fill->SetForegroundValue(1);
      fill->Update();
      stop();
      result = count(fill->GetOutput());
    }
    std::cout << "result " << elapsedMs << " " << std::fixed << result << std::endl;
  }
}
